# Normalization, both steps: first what follows from the use of a property is stated, then what is attached to a cube or
# a slice is stated on each of its observations. The constraints are asked of the result.

PREFIX qb: <http://purl.org/linked-data/cube#>

INSERT { ?observation a qb:Observation . ?cube a qb:DataSet } WHERE { ?observation qb:dataSet ?cube } ;
INSERT { ?observation a qb:Observation } WHERE { ?slice qb:observation ?observation } ;
INSERT { ?slice a qb:Slice } WHERE { ?cube qb:slice ?slice } ;
INSERT { ?part qb:componentProperty ?property . ?property a qb:DimensionProperty } WHERE { ?part qb:dimension ?property } ;
INSERT { ?part qb:componentProperty ?property . ?property a qb:MeasureProperty } WHERE { ?part qb:measure ?property } ;
INSERT { ?part qb:componentProperty ?property . ?property a qb:AttributeProperty } WHERE { ?part qb:attribute ?property } ;

INSERT { ?observation ?property ?value } WHERE {
  ?part qb:componentProperty ?property ; qb:componentAttachment qb:DataSet .
  ?structure qb:component ?part .
  ?cube qb:structure ?structure ; ?property ?value .
  ?observation qb:dataSet ?cube .
} ;
INSERT { ?observation ?property ?value } WHERE {
  ?part qb:componentProperty ?property ; qb:componentAttachment qb:Slice .
  ?structure qb:component ?part .
  ?cube qb:structure ?structure ; qb:slice ?slice .
  ?slice ?property ?value ; qb:observation ?observation .
} ;
INSERT { ?observation ?property ?value } WHERE {
  ?cube qb:slice ?slice .
  ?slice qb:sliceStructure ?key ; qb:observation ?observation ; ?property ?value .
  ?key qb:componentProperty ?property .
}
