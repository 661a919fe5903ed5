"""Write one wrong data set for each shape: valid/small-city.ttl, or valid/catalog.ttl, with one fault.

The name of a file in ``invalid`` says which shape must fire, alone, and why. To change one, change the table
here and run ``python tests/examples/counterexamples.py``.
"""

import re
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent
CITY = "jp/999999"
TERM = f"{CITY}/2022"
REPORT = f"{TERM}/report/2024-03-31"
SCALE = f"{CITY}/scale/three-step"
DAY = 'pledge:asOf "2024-03-31"^^xsd:date'
IN_REPORT = f"pledge:inAssessment <{REPORT}>"
COMPUTED_SCORE = f"{IN_REPORT} ; {DAY} ; pledge:origin pledge:Computed ; pledge:adopted false"
COMPUTED_COUNT = f"{IN_REPORT} ; {DAY} ; pledge:origin pledge:Computed ; pledge:method <queries/count_by_level>"
BY = 'dcterms:creator "pledge-ld contributors"'
ON = 'dcterms:date "2026-11-23"^^xsd:date'
DONE_NOTE = 'skos:note "終わりは完了(例)"@ja , "Finished is done (invented)"@en'
PARK_ACTION = f"""<{TERM}/measure/1-1-2#action-2024-03-31-1> a pledge:Action , prov:Activity ;
    skos:prefLabel "公園を調べました(例)。"@ja ;
    dcterms:isPartOf <{TERM}/measure/1-1-2> ; {IN_REPORT} ; pledge:order 2 ;
    dcterms:source <{REPORT}#L5> .
"""
SECOND_PRINT = f"""
<{TERM}/policy/1#score-2024-03-31-b> a pledge:ProgressScore , prov:Entity ; pledge:scoreOf <{TERM}/policy/1> ;
    {IN_REPORT} ; {DAY} ; pledge:origin pledge:Published ; pledge:method pledge:AsPrinted ;
    pledge:adopted false ; pledge:percent 62.0 ; dcterms:source <{REPORT}#L2> .
"""
OTHER_SCALE = f"""
<{CITY}/scale/two-step> a pledge:Scale , skos:ConceptScheme ; skos:prefLabel "二段階(例)"@ja ;
    pledge:construct pledge:DegreeOfCompletion ;
    skos:definition "公表なし"@ja ; dcterms:source <{REPORT}#L1> .
<{CITY}/scale/two-step#2> a pledge:Level , skos:Concept ; skos:prefLabel "★2つ(例)"@ja ; skos:notation "2" ;
    pledge:order 2 ;
    skos:inScheme <{CITY}/scale/two-step> ; skos:definition "公表なし"@ja .
"""


SECOND_COUNT = f"""
<{REPORT}#count-1-printed> a pledge:LevelCount ; pledge:countOf <{TERM}> ; pledge:level <{SCALE}#1> ; pledge:count 1 ;
    {IN_REPORT} ; {DAY} ; pledge:origin pledge:Published ; pledge:method pledge:AsPrinted ;
    dcterms:source <{REPORT}#L1> .
"""
SECOND_MAPPING = f"""
<mapping/example#1-b> a pledge:BandMapping ; pledge:inMappingSet <mapping/example> ; pledge:fromLevel <{SCALE}#1> ;
    pledge:match pledge:CloseMatch ; pledge:toBand pledge:UnderWay ; {BY} ; {ON} ; {DONE_NOTE} .
"""
SECOND_SET = f"""
<mapping/other> a pledge:MappingSet , prov:Entity ; skos:prefLabel "別の表(例)"@ja ; pledge:scale <{SCALE}> ;
    pledge:adopted true ; {BY} ; {ON} ; {DONE_NOTE} .
"""
ANNUAL = "http://publications.europa.eu/resource/authority/frequency/ANNUAL"


class Fault(NamedTuple):
    """A fault: the shape it breaks, why, the text it takes out (so many times), and the text it puts in or adds."""

    shape: str
    why: str
    out: str = ""
    put: str = ""
    times: int = 1
    add: str = ""


FAULTS = (
    # The municipality and its mayor
    Fault("MunicipalityShape", "the IRI has no country", f"<{CITY}>", "<municipality/999999>", 6),
    Fault(
        "Municipality-label",
        "no title in Japanese",
        'FormalOrganization ; skos:prefLabel "例市"@ja , "Example City"@en',
        'FormalOrganization ; skos:prefLabel "Example City"@en',
    ),
    Fault("Municipality-reading", "the reading has no language", '"れいし"@ja-Hira', '"れいし"'),
    Fault("Municipality-identifier", "the code has a hyphen", '"999999"', '"99999-9"'),
    Fault(
        "Municipality-homepage",
        "the homepage is text",
        "foaf:homepage <https://example.org/>",
        'foaf:homepage "example.org"',
    ),
    Fault("Municipality-source", "no source", " ; dcterms:source <https://example.org/about>"),
    # The place
    Fault("PlaceShape", "the IRI is no anchor", f"<{CITY}#place>", f"<{CITY}/place>"),
    Fault(
        "Place-label",
        "no name in English",
        'dcterms:Location ; skos:prefLabel "例市"@ja , "Example City"@en',
        'dcterms:Location ; skos:prefLabel "例市"@ja',
    ),
    Fault("Place-bbox", "latitude before longitude", "POLYGON((141 42, 141.5 42,", "POLYGON((42 141, 42 141.5,"),
    Fault("Place-centroid", "text of no datatype", '"POINT(141.25 42.125)"^^geo:wktLiteral', '"POINT(141.25 42.125)"'),
    Fault("Place-source", "the source is text", "dcterms:source <https://example.org/map>", 'dcterms:source "map"'),
    Fault("PersonShape", "the IRI has a capital", f"<{CITY}/person/rei-taro>", f"<{CITY}/person/Rei-Taro>", 2),
    Fault("Person-label", "two names in Japanese", '"例太郎(例)"@ja', '"例太郎(例)"@ja , "例次郎(例)"@ja'),
    Fault("Person-source", "no source", " ; dcterms:source <https://example.org/mayor>"),
    # The programme
    Fault("ProgrammeShape", "the IRI has an underscore", f"<{TERM}>", f"<{CITY}/2022_1>", 5),
    Fault(
        "Programme-label", "the title has no language", 'prefLabel "例市の公約(例)"@ja', 'prefLabel "例市の公約(例)"'
    ),
    Fault(
        "Programme-label-en",
        "no title in English",
        'prefLabel "例市の公約(例)"@ja , "Pledges of Example City (invented)"@en',
        'prefLabel "例市の公約(例)"@ja',
    ),
    Fault("Programme-identifier", "the identifier has a slash", 'identifier "2022"', 'identifier "2022/4"'),
    Fault("Programme-municipality", "no municipality", f"pledge:municipality <{CITY}> ; "),
    Fault(
        "Programme-creator",
        "the mayor is a department",
        f"dcterms:creator <{CITY}/person/rei-taro>",
        f"dcterms:creator <{CITY}/department/kikaku-ka>",
    ),
    Fault(
        "Programme-termStart",
        "a month and no day",
        'termStart "2022-04-01"^^xsd:date',
        'termStart "2022-04"^^xsd:gYearMonth',
    ),
    Fault("Programme-termMonths", "a term of no months", "termMonths 48", "termMonths 0"),
    Fault("Programme-endedEarly", "a word and not true or false", "endedEarly false", 'endedEarly "no"'),
    Fault("Programme-unofficialLanguage", "no language tag", 'unofficialLanguage "en"', 'unofficialLanguage "英語"'),
    Fault("Programme-measuresPerPledge", "a decimal", "measuresPerPledge 2", "measuresPerPledge 2.0"),
    Fault("Programme-pledgesPerPolicy", "a decimal", "pledgesPerPolicy 1", "pledgesPerPolicy 1.0"),
    Fault(
        "Programme-source",
        "the report has no such line",
        f"pledgesPerPolicy 1 ; dcterms:source <{REPORT}#L1>",
        f"pledgesPerPolicy 1 ; dcterms:source <{REPORT}#L99>",
    ),
    # The policy
    Fault("PolicyShape", "the IRI names another class", f"<{TERM}/policy/1>", f"<{TERM}/theme/1>", 5),
    Fault("Policy-label", "a bullet in front", 'prefLabel "暮らしよいまち', 'prefLabel "● 暮らしよいまち'),
    Fault(
        "Policy-label-en",
        "no title in English",
        '"暮らしよいまち(例)"@ja , "A city good to live in (invented)"@en',
        '"暮らしよいまち(例)"@ja',
    ),
    Fault("Policy-identifier", "the identifier is not ASCII", 'identifier "1"', 'identifier "第1"'),
    Fault("Policy-notation", "two printed numbers", 'notation "Ⅰ"', 'notation "Ⅰ" , "I"'),
    Fault("Policy-programme", "part of a municipality", f"isPartOf <{TERM}>", f"isPartOf <{CITY}>"),
    Fault(
        "Policy-source", "no source", f"isPartOf <{TERM}> ;\n    dcterms:source <{REPORT}#L2> .", f"isPartOf <{TERM}> ."
    ),
    Fault("Policy-pledges", "one pledge where the programme says two", "pledgesPerPolicy 1", "pledgesPerPolicy 2"),
    # The pledge
    Fault("PledgeShape", "the IRI has an underscore", f"<{TERM}/pledge/1-1>", f"<{TERM}/pledge/1_1>", 4),
    Fault(
        "Pledge-label", "a wide space at the end", 'prefLabel "緑を増やします(例)"', 'prefLabel "緑を増やします(例)　"'
    ),
    Fault(
        "Pledge-label-en",
        "no title in English",
        '"緑を増やします(例)"@ja , "More green (invented)"@en',
        '"緑を増やします(例)"@ja',
    ),
    Fault("Pledge-identifier", "no identifier", 'dcterms:identifier "1-1" ; '),
    Fault("Pledge-notation", "a number and not text", 'notation "Ⅰ-1"', "notation 1"),
    Fault(
        "Pledge-policy",
        "part of a policy and of the programme",
        f"isPartOf <{TERM}/policy/1>",
        f"isPartOf <{TERM}/policy/1> , <{TERM}>",
    ),
    Fault(
        "Pledge-department",
        "a department that is not described",
        f"<{CITY}/department/midori-ka> ; pledge:dueDate",
        f"<{CITY}/department/mori-ka> ; pledge:dueDate",
    ),
    Fault(
        "Pledge-source", "no source", f"budget 12000000.0 ;\n    dcterms:source <{REPORT}#L3> .", "budget 12000000.0 ."
    ),
    Fault(
        "Pledge-measures", "two measures where the programme says three", "measuresPerPledge 2", "measuresPerPledge 3"
    ),
    Fault("Plan-dueDate", "a Japanese year in text", '"2026-03-31"^^xsd:date', '"令和7年度末"'),
    Fault("Plan-target", "the target has no language", '"100本(例)"@ja , "100 trees (invented)"@en', '"100本(例)"'),
    Fault("Plan-budget", "below nothing", "budget 5000000.0", "budget -5000000.0"),
    # The measures and their actions
    Fault("MeasureShape", "the IRI names another class", f"<{TERM}/measure/1-1-2>", f"<{TERM}/step/1-1-2>", 4),
    Fault("Measure-label", "a middle dot in front", 'prefLabel "木を植えます', 'prefLabel "・木を植えます'),
    Fault(
        "Measure-label-en",
        "no title in English",
        '"木を植えます(例)"@ja , "Plant trees (invented)"@en',
        '"木を植えます(例)"@ja',
    ),
    Fault("Measure-identifier", "two identifiers", 'identifier "1-1-1"', 'identifier "1-1-1" , "1-1-1a"'),
    Fault("Measure-notation", "an empty number", 'notation "Ⅰ-1-1"', 'notation ""'),
    Fault(
        "Measure-pledge",
        "part of a pledge and of a policy",
        f'"Ⅰ-1-2" ; dcterms:isPartOf <{TERM}/pledge/1-1>',
        f'"Ⅰ-1-2" ; dcterms:isPartOf <{TERM}/pledge/1-1> , <{TERM}/policy/1>',
    ),
    Fault(
        "Measure-department",
        "a department that is not described",
        f"<{CITY}/department/kikaku-ka> ; pledge:dueDate",
        f"<{CITY}/department/koen-ka> ; pledge:dueDate",
    ),
    Fault(
        "Measure-department-given",
        "no department",
        f"pledge:responsibleDepartment <{CITY}/department/midori-ka> ; dcterms:source <{REPORT}#L5> .\n\n",
        f"dcterms:source <{REPORT}#L5> .\n\n",
    ),
    Fault("Measure-action-given", "graded with no action", PARK_ACTION),
    Fault(
        "Measure-source", "no source", f"budget 5000000.0 ;\n    dcterms:source <{REPORT}#L4> .", "budget 5000000.0 ."
    ),
    Fault(
        "ActionShape",
        "the IRI does not say action",
        f"<{TERM}/measure/1-1-1#action-2024-03-31-1>",
        f"<{TERM}/measure/1-1-1#2024-03-31-1>",
    ),
    Fault("Action-label", "no text", 'skos:prefLabel "木を60本植えました(例)。"@ja ;'),
    Fault(
        "Action-measure",
        "part of two measures",
        f"isPartOf <{TERM}/measure/1-1-1> ; {IN_REPORT}",
        f"isPartOf <{TERM}/measure/1-1-1> , <{TERM}/measure/1-1-2> ; {IN_REPORT}",
    ),
    Fault(
        "Action-inAssessment",
        "also in an assessment that is not described",
        f"{IN_REPORT} ; pledge:order 1",
        f"{IN_REPORT} , <{TERM}/report/2023-03-31> ; pledge:order 1",
    ),
    Fault("Action-order", "counted from nought", f"{IN_REPORT} ; pledge:order 1", f"{IN_REPORT} ; pledge:order 0"),
    Fault("Action-source", "no source", f"pledge:order 2 ;\n    dcterms:source <{REPORT}#L5> .", "pledge:order 2 ."),
    # The departments
    Fault("DepartmentShape", "the IRI is not ASCII", f"<{CITY}/department/midori-ka>", f"<{CITY}/department/緑課>", 4),
    Fault("Department-label", "a space at the end", '"企画課(例)"@ja', '"企画課(例) "@ja'),
    Fault(
        "Department-label-en",
        "no name in English",
        '"企画課(例)"@ja , "Planning Division (invented)"@en',
        '"企画課(例)"@ja',
    ),
    Fault("Department-reading", "the reading has no language", '"きかくか"@ja-Hira', '"きかくか"'),
    Fault("Department-identifier", "the identifier is not ASCII", 'identifier "kikaku-ka"', 'identifier "企画課"'),
    Fault(
        "Department-unitOf",
        "of a city that is not described",
        f"org:unitOf <{CITY}> ; prov:",
        "org:unitOf <jp/999998> ; prov:",
    ),
    Fault(
        "Department-predecessor",
        "derived from a city",
        f"wasDerivedFrom <{CITY}/department/kikaku-ka>",
        f"wasDerivedFrom <{CITY}>",
    ),
    Fault("Department-valid", "an address and not a span", '"2023-04-01/"', "<https://example.org/2023>"),
    Fault("Department-source", "no source", f'"2023-04-01/" ; dcterms:source <{REPORT}#L5>', '"2023-04-01/"'),
    # The scale and its levels
    Fault("ScaleShape", "the IRI does not say scale", f"<{SCALE}>", f"<{CITY}/steps/three-step>", 7),
    Fault("Scale-label", "no name in Japanese", '"三段階(例)"@ja , '),
    Fault("Scale-construct", "a construct that is not of the list", "pledge:DegreeOfCompletion", "pledge:Floor"),
    Fault("Scale-definition", "no definition in Japanese", '"三段階で評価(例)"@ja , '),
    Fault(
        "Scale-source",
        "no source",
        f'"graded in three steps (invented)"@en ;\n    dcterms:source <{REPORT}#L1> .',
        '"graded in three steps (invented)"@en .',
    ),
    Fault("LevelShape", "the IRI is outside the scale", f"<{SCALE}#3>", f"<{CITY}/level/3>", 2),
    Fault("Level-label", "no name in Japanese", '"★3つ(例)"@ja , '),
    Fault("Level-notation", "no mark", 'skos:notation "3" ; '),
    Fault("Level-order", "a decimal", "pledge:order 3", "pledge:order 3.5"),
    Fault("Level-place", "of two levels alike", "pledge:order 3", "pledge:order 2"),
    Fault(
        "Level-scale",
        "of a scale that is not described",
        f'<{SCALE}> ; skos:definition "終わり"',
        f'<{CITY}/scale/five-step> ; skos:definition "終わり"',
    ),
    Fault("Level-definition", "no definition", 'skos:definition "終わり"@ja , "finished"@en ; '),
    Fault(
        "Level-interval",
        "the lower bound is above the upper",
        "percentAtLeast 100.0 ;",
        "percentAtLeast 100.0 ; pledge:percentBelow 90.0 ;",
    ),
    Fault(
        "Level-origin",
        "computed",
        "pledge:origin pledge:Inferred ; pledge:method pledge:ByInference .",
        "pledge:origin pledge:Computed ; pledge:method <queries/levels> .",
    ),
    Fault(
        "Level-percentBelow",
        "an integer",
        '"less than half"@en ; pledge:percentAtLeast 0.0 ; pledge:percentBelow 50.0',
        '"less than half"@en ; pledge:percentAtLeast 0.0 ; pledge:percentBelow 50',
    ),
    # The assessment
    Fault("AssessmentShape", "the IRI has no day", f"<{REPORT}>", f"<{TERM}/report/fy2023>", 17),
    Fault("Assessment-label", "no title", 'skos:prefLabel "令和5年度末(例)"@ja , "End of fiscal 2023 (invented)"@en ;'),
    Fault(
        "Assessment-title",
        "two titles in Japanese",
        '"例市公約の取組状況(例)"@ja',
        '"例市公約の取組状況(例)"@ja , "例市の公約(例)"@ja',
    ),
    Fault("Assessment-programme", "no programme", f"pledge:programme <{TERM}> ; "),
    Fault("Assessment-asOf", "no day", f"{DAY} ; pledge:scale", "pledge:scale"),
    Fault("Assessment-scale", "no scale", f"pledge:scale <{SCALE}> ;\n    pledge:assessor", "pledge:assessor"),
    Fault(
        "Assessment-assessor",
        "a class and not an assessor",
        "pledge:DepartmentAssessor , pledge:PlanningSectionAssessor",
        "pledge:Department",
    ),
    Fault(
        "Assessment-gradedClass",
        "actions are not graded",
        "pledge:gradedClass pledge:Measure",
        "pledge:gradedClass pledge:Action",
    ),
    Fault("Assessment-unitLabel", "no name in Japanese", '"施策"@ja , '),
    Fault("Assessment-itemCount", "two numbers of items", "pledge:itemCount 2 ;", "pledge:itemCount 2 , 3 ;"),
    Fault(
        "Assessment-frequency", "a word", f"dcterms:accrualPeriodicity <{ANNUAL}>", 'dcterms:accrualPeriodicity "年1回"'
    ),
    Fault(
        "Assessment-calculation",
        "a calculation that is not of the list",
        "pledge:MeanOfMeasures",
        "pledge:HalfUp",
    ),
    Fault("Assessment-date", "a Japanese date in text", '"2024-05"^^xsd:gYearMonth', '"令和6年5月"'),
    Fault(
        "Assessment-temporal",
        "the period ends before it starts",
        'dcat:endDate "2024-03-31"',
        'dcat:endDate "2021-03-31"',
    ),
    Fault(
        "Assessment-publisher", "the publisher is text", f"prov:wasAttributedTo <{CITY}>", 'prov:wasAttributedTo "例市"'
    ),
    Fault("Assessment-license", "the licence is text", "<https://creativecommons.org/licenses/by/4.0/>", '"CC BY 4.0"'),
    Fault("Assessment-rights", "the statement has no language", '"例市の報告(例)を加工"@ja', '"例市の報告(例)を加工"'),
    Fault(
        "Assessment-source",
        "no source",
        f'"Made from the report of Example City (invented)"@en ;\n    dcterms:source <{REPORT}#L1> .',
        '"Made from the report of Example City (invented)"@en .',
    ),
    Fault("Assessment-items", "two measures graded where one was to be", "pledge:itemCount 2", "pledge:itemCount 1"),
    Fault(
        "Count-sum",
        "three counted where two were graded",
        f"<{SCALE}#1> ; pledge:count 1",
        f"<{SCALE}#1> ; pledge:count 3",
    ),
    # The scores
    Fault(
        "ProgressScoreShape",
        "the IRI does not say score",
        f"<{TERM}/policy/1#score-2024-03-31-mean_of_pledges>",
        f"<{TERM}/policy/1#mean_of_pledges>",
    ),
    Fault(
        "Score-scoreOf",
        "of a policy that is not described",
        f"mean_of_pledges> a pledge:ProgressScore , prov:Entity ; pledge:scoreOf <{TERM}/policy/1>",
        f"mean_of_pledges> a pledge:ProgressScore , prov:Entity ; pledge:scoreOf <{TERM}/policy/9>",
    ),
    Fault("Score-inAssessment", "no assessment", COMPUTED_SCORE, COMPUTED_SCORE.removeprefix(f"{IN_REPORT} ; ")),
    Fault("Score-asOf", "no day", COMPUTED_SCORE, COMPUTED_SCORE.replace(f"{DAY} ; ", "")),
    Fault(
        "Score-asOf-assessment",
        "the day of publishing",
        COMPUTED_SCORE,
        COMPUTED_SCORE.replace('asOf "2024-03-31"', 'asOf "2024-05-31"'),
    ),
    Fault("Score-origin", "no origin", COMPUTED_SCORE, COMPUTED_SCORE.replace("pledge:origin pledge:Computed ; ", "")),
    Fault(
        "Score-adopted",
        "neither true nor false",
        COMPUTED_SCORE,
        COMPUTED_SCORE.removesuffix(" ; pledge:adopted false"),
    ),
    Fault(
        "Score-adopted-once",
        "the printed and the computed one",
        COMPUTED_SCORE,
        COMPUTED_SCORE.replace("adopted false", "adopted true"),
    ),
    Fault(
        "Score-adopted-one",
        "no score of the policy is adopted",
        "pledge:adopted true ;\n    pledge:rounding pledge:Floor",
        "pledge:adopted false ;\n    pledge:rounding pledge:Floor",
    ),
    Fault("Score-published-once", "two printed scores of one policy", add=SECOND_PRINT),
    Fault(
        "Score-figure",
        "a score that says nothing",
        'pledge:printedValue "★☆☆☆" ; pledge:responsibleDepartment',
        "pledge:responsibleDepartment",
    ),
    Fault("Score-percent", "below nothing", "pledge:percent 62.5 ; prov:", "pledge:percent -1.0 ; prov:"),
    Fault(
        "Score-percent-max", "above a hundred per cent", "pledge:percent 62.5 ; prov:", "pledge:percent 120.0 ; prov:"
    ),
    Fault(
        "Score-interval",
        "the lower bound is above the upper",
        "pledge:percentAtLeast 62.0 ; pledge:percentBelow 63.0",
        "pledge:percentAtLeast 63.0 ; pledge:percentBelow 62.0",
    ),
    Fault("Score-percentBelow", "an integer", "pledge:percentBelow 63.0", "pledge:percentBelow 63"),
    Fault(
        "Score-stars",
        "eleven stars",
        "pledge:percent 62.5 ; dcterms:",
        "pledge:percent 62.5 ; pledge:stars 11 ; dcterms:",
    ),
    Fault(
        "Score-level",
        "a level that is not described",
        f"pledge:stars 2 ; pledge:level <{SCALE}#2>",
        f"pledge:stars 2 ; pledge:level <{SCALE}#4>",
    ),
    Fault("Score-level-order", "three stars at the second level", "pledge:stars 2", "pledge:stars 3"),
    Fault(
        "Score-level-scale",
        "a level of another scale",
        f"pledge:stars 2 ; pledge:level <{SCALE}#2>",
        f"pledge:stars 2 ; pledge:level <{CITY}/scale/two-step#2>",
        add=OTHER_SCALE,
    ),
    Fault("Score-rounding", "a rounding that is not of the list", "pledge:Floor", "pledge:Done"),
    Fault(
        "Score-method",
        "a printed score with a query",
        "pledge:method pledge:AsPrinted ; pledge:adopted true ;\n    pledge:rounding pledge:NoRounding",
        "pledge:method <queries/mean_of_policies> ; pledge:adopted true ;\n    pledge:rounding pledge:NoRounding",
    ),
    Fault(
        "Score-method",
        "a printed score without a method",
        "pledge:method pledge:AsPrinted ; pledge:adopted true ;\n    pledge:rounding pledge:NoRounding",
        "pledge:adopted true ;\n    pledge:rounding pledge:NoRounding",
    ),
    Fault(
        "Score-method",
        "an inferred score as printed",
        "pledge:method pledge:ByInference ; pledge:adopted",
        "pledge:method pledge:AsPrinted ; pledge:adopted",
    ),
    Fault(
        "Score-method",
        "a computed score by inference",
        "pledge:method <queries/mean_of_pledges>",
        "pledge:method pledge:ByInference",
    ),
    Fault("Score-method", "a computed score without a query", "pledge:method <queries/mean_of_pledges> ; "),
    Fault(
        "Score-source",
        "a printed score without a line",
        f"pledge:percent 62.0 ; dcterms:source <{REPORT}#L1>",
        "pledge:percent 62.0",
    ),
    Fault(
        "Score-source",
        "a computed score with a line",
        "pledge:method <queries/mean_of_pledges>",
        f"pledge:method <queries/mean_of_pledges> ; dcterms:source <{REPORT}#L3>",
    ),
    Fault(
        "Score-wasDerivedFrom",
        "derived from a pledge",
        f"wasDerivedFrom <{TERM}/pledge/1-1#score-2024-03-31> .",
        f"wasDerivedFrom <{TERM}/pledge/1-1> .",
    ),
    Fault(
        "Score-department",
        "a department that is not described",
        f'"★☆☆☆" ; pledge:responsibleDepartment <{CITY}/department/midori-ka>',
        f'"★☆☆☆" ; pledge:responsibleDepartment <{CITY}/department/mori-ka>',
    ),
    Fault(
        "Score-printedValue",
        "the print has a language",
        '"★☆☆☆" ; pledge:responsibleDepartment',
        '"★☆☆☆"@ja ; pledge:responsibleDepartment',
    ),
    Fault(
        "Score-evidence",
        "evidence that is not described too",
        f"pledge:evidence <{TERM}/measure/1-1-1#evidence-1>",
        f"pledge:evidence <{TERM}/measure/1-1-1#evidence-1> , <{TERM}/measure/1-1-1#evidence-2>",
    ),
    Fault("Score-explanation", "the explanation has no language", '"6割を植えた(例)"@ja', '"6割を植えた(例)"'),
    Fault(
        "Pledge-percent-inside",
        "above the interval of its measures",
        "pledge:percentAtLeast 50.0 ; pledge:percentBelow 100.0 ;",
        "pledge:percentAtLeast 50.0 ; pledge:percentBelow 60.0 ;",
    ),
    Fault("Policy-percent-mean", "62 where a half goes up", "pledge:Floor", "pledge:HalfUp"),
    Fault(
        "Programme-percent-mean",
        "not the mean of the policies",
        "pledge:NoRounding ; pledge:percent 62.0",
        "pledge:NoRounding ; pledge:percent 62.5",
    ),
    Fault("EvidenceShape", "the IRI does not say evidence", "#evidence-1>", "#trees>", 2),
    Fault("Evidence-title", "no title", 'dcterms:title "植樹の記録(例)"@ja , "Planting record (invented)"@en ;'),
    Fault("Evidence-source", "no address", "foaf:page <https://example.org/trees.pdf> ; "),
    Fault("Evidence-page", "a number and not text", 'pledge:page "p.2"', "pledge:page 2"),
    Fault("Evidence-score", "of no score", f"pledge:evidence <{TERM}/measure/1-1-1#evidence-1> ;\n   "),
    Fault("Score-lastChecked", "a Japanese date in text", '"2024-04-15"^^xsd:date', '"令和6年4月15日"'),
    # The counts by level
    Fault("LevelCountShape", "the IRI does not say count", f"<{REPORT}#count-1>", f"<{REPORT}#one-star>"),
    Fault("Count-countOf", "of a pledge", f"countOf <{TERM}/policy/1>", f"countOf <{TERM}/pledge/1-1>"),
    Fault("Count-level", "a level that is not described", f"<{SCALE}#1> ; pledge:count", f"<{SCALE}#4> ; pledge:count"),
    Fault("Count-count", "below nothing", f"<{SCALE}#1> ; pledge:count 1", f"<{SCALE}#1> ; pledge:count -1"),
    Fault("Count-inAssessment", "no assessment", COMPUTED_COUNT, COMPUTED_COUNT.removeprefix(f"{IN_REPORT} ; ")),
    Fault("Count-asOf", "no day", COMPUTED_COUNT, COMPUTED_COUNT.replace(f"{DAY} ; ", "")),
    Fault("Count-origin", "no origin", COMPUTED_COUNT, COMPUTED_COUNT.replace("pledge:origin pledge:Computed ; ", "")),
    Fault("Count-method", "a computed count without a query", " ; pledge:method <queries/count_by_level>"),
    Fault(
        "Count-method",
        "a printed count with a query",
        f"pledge:origin pledge:Published ; pledge:method pledge:AsPrinted ; dcterms:source <{REPORT}#L2>",
        f"pledge:origin pledge:Published ; pledge:method <queries/count_by_level> ; dcterms:source <{REPORT}#L2>",
    ),
    Fault(
        "Count-source",
        "a printed count without a source",
        f"pledge:origin pledge:Published ; pledge:method pledge:AsPrinted ; dcterms:source <{REPORT}#L2>",
        "pledge:origin pledge:Published ; pledge:method pledge:AsPrinted",
    ),
    Fault(
        "Count-source",
        "the report has no such line",
        f"pledge:origin pledge:Published ; pledge:method pledge:AsPrinted ; dcterms:source <{REPORT}#L2>",
        f"pledge:origin pledge:Published ; pledge:method pledge:AsPrinted ; dcterms:source <{REPORT}#L99>",
    ),
    Fault("Count-once", "printed and computed", add=SECOND_COUNT),
    Fault(
        "Count-graded",
        "fewer than the items graded so",
        f"<{SCALE}#2> ; pledge:count 1",
        f"<{SCALE}#2> ; pledge:count 0",
    ),
    Fault(
        "Count-level-scale",
        "a level of another scale",
        f"<{SCALE}#1> ; pledge:count",
        f"<{CITY}/scale/two-step#2> ; pledge:count",
        add=OTHER_SCALE,
    ),
    # The mappings
    Fault("BandMappingShape", "the IRI names no set", "<mapping/example#3>", "<mapping#3>"),
    Fault(
        "Mapping-fromLevel", "from a level that is not described", f"fromLevel <{SCALE}#3>", f"fromLevel <{SCALE}#4>"
    ),
    Fault(
        "Mapping-toBand",
        "a band where nothing matches",
        "pledge:NoMatch",
        "pledge:NoMatch ; pledge:toBand pledge:UnderWay",
    ),
    Fault(
        "Mapping-toBand",
        "no band for an exact match",
        "pledge:match pledge:ExactMatch ; pledge:toBand pledge:Done",
        "pledge:match pledge:ExactMatch",
    ),
    Fault("Mapping-match", "no match", "pledge:match pledge:ExactMatch ; "),
    Fault("Mapping-creator", "no author", f"{BY} ; {ON} ; {DONE_NOTE}", f"{ON} ; {DONE_NOTE}"),
    Fault("Mapping-date", "no day", f"{BY} ; {ON} ; {DONE_NOTE}", f"{BY} ; {DONE_NOTE}"),
    Fault("Mapping-note", "no reason", f" ; {DONE_NOTE}"),
    Fault(
        "Mapping-set",
        "in no set",
        f"inMappingSet <mapping/example> ; pledge:fromLevel <{SCALE}#3>",
        f"fromLevel <{SCALE}#3>",
    ),
    Fault("Mapping-once", "two bands for one level", add=SECOND_MAPPING),
    Fault("MappingSetShape", "the IRI does not say mapping", "<mapping/example>", "<bands/example>", 3),
    Fault("MappingSet-label", "no name in Japanese", '"三段階と区分(例)"@ja , '),
    Fault(
        "MappingSet-scale",
        "a scale that is not described too",
        f"pledge:scale <{SCALE}> ; pledge:adopted",
        f"pledge:scale <{SCALE}> , <{CITY}/scale/five-step> ; pledge:adopted",
    ),
    Fault("MappingSet-creator", "no author", f'{BY} ; dcterms:date "2026-11-24"', 'dcterms:date "2026-11-24"'),
    Fault("MappingSet-date", "a year", '"2026-11-24"^^xsd:date', '"2026"^^xsd:gYear'),
    Fault("MappingSet-note", "the text has no language", '"定義による(例)"@ja', '"定義による(例)"'),
    Fault("MappingSet-adopted", "not said", "pledge:adopted true ; prov:wasDerivedFrom", "prov:wasDerivedFrom"),
    Fault("MappingSet-adopted-once", "two sets to compare by", add=SECOND_SET),
    Fault(
        "MappingSet-levels",
        "of another scale than its levels",
        f"pledge:scale <{SCALE}> ; pledge:adopted",
        f"pledge:scale <{CITY}/scale/two-step> ; pledge:adopted",
        add=OTHER_SCALE,
    ),
    # The note
    Fault(
        "DataNoteShape",
        "the IRI does not say note",
        f"<{TERM}/measure/1-1-2#note-2024-03-31-L5-stars>",
        f"<{TERM}/measure/1-1-2#remark-1>",
    ),
    Fault("Note-target", "about nothing", f"oa:hasTarget <{TERM}/measure/1-1-2#score-2024-03-31> ; "),
    Fault(
        "Note-target-described",
        "a score that is not there",
        f"oa:hasTarget <{TERM}/measure/1-1-2#score-2024-03-31>",
        f"oa:hasTarget <{TERM}/measure/1-1-2#score-2023-03-31>",
    ),
    Fault(
        "Note-adoptedThing-described",
        "a score that is not there",
        f"pledge:adoptedThing <{TERM}/measure/1-1-2#score-2024-03-31-inferred>",
        f"pledge:adoptedThing <{TERM}/measure/1-1-2#score-2023-03-31-inferred>",
    ),
    Fault("Note-motivation", "another motivation", "dqv:qualityAssessment", "oa:commenting"),
    Fault("Note-type", "a kind that is not of the list", "pledge:InferredFigure", "pledge:Inferred"),
    Fault("Note-onProperty", "the property is text", "pledge:onProperty pledge:stars", 'pledge:onProperty "stars"'),
    Fault("Note-printedValue", "a number and not text", '"★☆☆☆" ; pledge:adoptedValue', "1 ; pledge:adoptedValue"),
    Fault("Note-adoptedValue", "a number and not text", 'pledge:adoptedValue "1"', "pledge:adoptedValue 1"),
    Fault(
        "Note-adoptedThing",
        "the thing is text",
        f"pledge:adoptedThing <{TERM}/measure/1-1-2#score-2024-03-31-inferred>",
        'pledge:adoptedThing "1"',
    ),
    Fault("Note-uncertain", "neither true nor false", "pledge:uncertain true ; "),
    Fault("Note-comment", "no explanation in English", ' , "Four stars are printed (invented)."@en'),
    Fault(
        "Note-source",
        "no source",
        f'"Four stars are printed (invented)."@en ;\n    dcterms:source <{REPORT}#L5> .',
        '"Four stars are printed (invented)."@en .',
    ),
    # The lines
    Fault("SourceLineShape", "the IRI does not say which line", f"<{REPORT}#L1>", f"<{REPORT}#top>", 5),
    Fault("Line-sourceLine", "counted from nought", "pledge:sourceLine 1 ", "pledge:sourceLine 0 "),
    Fault("Line-sourceText", "no text", 'pledge:sourceText "全体 62" ; '),
    Fault(
        "Line-hasSource",
        "a line of a city",
        f'"全体 62" ; oa:hasSource <{REPORT}>',
        f'"全体 62" ; oa:hasSource <{CITY}>',
    ),
    # Comparisons
    Fault("ComparisonShape", "the IRI is no part of the page", "<compare#999999-", "<compared/999999-"),
    Fault(
        "Comparison-compares",
        "compared with nothing",
        f"pledge:compares <{TERM}/report/2022-03-31> , <{TERM}/report/2023-03-31>",
        f"pledge:compares <{TERM}/report/2022-03-31>",
    ),
    Fault("Comparison-allowed", "no verdict", "pledge:allowed false ; pledge:reason", "pledge:reason"),
    Fault("Comparison-reason", "refused for what allows", "pledge:TooFewItems", "pledge:EveryRuleHolds"),
    Fault("Comparison-method", "no rules", " pledge:method <queries/comparison_reasons> ;", ""),
    Fault("Comparison-comment", "an explanation without a language", '"too few items (invented)"@en', '"too few"'),
)

PUBLISHER, CONTACT, SERIES = "<catalog#publisher>", "<catalog#contact>", f"<{CITY}/series>"
TTL, CSV = f"<{REPORT}#dist-ttl>", f"<{REPORT}#dist-csv>"
CC_BY = "<https://creativecommons.org/licenses/by/4.0/>"
OPERATOR = f"dcterms:publisher {PUBLISHER} ; dcat:contactPoint {CONTACT}"
CATALOG_END = "dcat:service <catalog#sparql> ."
"""What stands once in the example: the last words of the catalogue's own block."""
CATALOG_DAYS = 'dcterms:issued "2024-06-01"^^xsd:date ; dcterms:modified "2024-07-01"^^xsd:date ;\n'
DATASET_DAYS = 'dcterms:issued "2024-06-01"^^xsd:date ; dcterms:modified "2024-07-01"^^xsd:date ; dcat:version'
SERIES_END = f'"One for each assessment (invented)."@en ;\n    {OPERATOR} .'
SERVICE_END = f"sparql11-protocol/> ;\n    {OPERATOR} ."
BOTH_LANGUAGES = "dcterms:language language:JPN , language:ENG"
IN_PLACE = f"dcterms:spatial <{CITY}#place>"
STANDING = f"dcterms:license {CC_BY} ; dcatap:availability availability:STABLE ;\n    dcterms:language language:JPN ."
"""The last words of the block of the CSV file."""
SECOND_SERIES = f"""
<{CITY}/series-b> a dcat:DatasetSeries ;
    dcterms:title "例市の別の公約(例)999999"@ja , "Other pledges of Example City (invented) 999999"@en ;
    dcterms:description "データなし(例)。"@ja , "With no dataset (invented)."@en ;
    {OPERATOR} .
"""
SECOND_DATASET = f"""
<{TERM}/report/2025-03-31> a dcat:Dataset ;
    dcterms:title "例市の公約(例)Example City: mayoral pledges, 2024-03-31"@ja ,
        "Example City pledges 2025-03-31 (invented)"@en ;
    dcterms:description "令和6年度末の取組状況(例)。"@ja , "How far the pledges had come a year later (invented)."@en ;
    dcterms:identifier "https://w3id.org/pledge-ld/{TERM}/report/2025-03-31" ; {OPERATOR} ;
    dcterms:issued "2025-06-01"^^xsd:date ; dcterms:modified "2025-06-01"^^xsd:date ; dcat:version "2025-06-01" ;
    {BOTH_LANGUAGES} ; {IN_PLACE} ; dcat:theme theme:GOVE ; dcat:keyword "市長公約"@ja , "mayoral pledges"@en ;
    dcterms:temporal <{REPORT}#period> ; dcterms:accrualPeriodicity frequency:ANNUAL ;
    dcterms:accessRights access:PUBLIC ; dcterms:conformsTo <ns> ; dcterms:provenance <{REPORT}#provenance> ;
    dcat:landingPage <https://example.org/report.html> ; dcat:inSeries {SERIES} ; dcat:distribution {TTL} .
"""
# A blank node is how a catalogue is mostly wrong: a harvest stores it anew each time.
CATALOG_FAULTS = (
    # The catalogue
    Fault("CatalogShape", "a blank node", "<catalog> a", "_:catalog a"),
    Fault("Catalog-title", "no title in English", ' , "Catalogue of pledges (invented)"@en'),
    Fault("Catalog-description", "no description in English", ' , "Mayors\' pledges as data (invented)."@en'),
    Fault(
        "Catalog-publisher",
        "published by the city as text",
        f'pledges as data (invented)."@en ;\n    dcterms:publisher {PUBLISHER}',
        'pledges as data (invented)."@en ;\n    dcterms:publisher "例市"@ja',
    ),
    Fault("Catalog-issued", "no day", CATALOG_DAYS, CATALOG_DAYS.partition(" ; ")[2]),
    Fault("Catalog-modified", "no day", CATALOG_DAYS, CATALOG_DAYS.partition(" ; ")[0] + " ;\n"),
    Fault(
        "Catalog-language",
        "a tag and no IRI",
        f"    {BOTH_LANGUAGES} ; {IN_PLACE} ;\n",
        f'    dcterms:language "ja" ; {IN_PLACE} ;\n',
    ),
    Fault(
        "Catalog-spatial",
        "no place",
        f"{BOTH_LANGUAGES} ; {IN_PLACE} ;\n",
        f"{BOTH_LANGUAGES} ;\n",
    ),
    Fault("Catalog-license", "no licence", f"dcterms:license {CC_BY} ; foaf:homepage", "foaf:homepage"),
    Fault("Catalog-homepage", "no homepage", f"{CC_BY} ; foaf:homepage <https://example.org/> ;", f"{CC_BY} ;"),
    Fault(
        "Catalog-themeTaxonomy",
        "no scheme of themes",
        "dcat:themeTaxonomy <http://publications.europa.eu/resource/authority/data-theme> ;",
    ),
    Fault("Catalog-dataset", "a series among the datasets", CATALOG_END, f"dcat:dataset {SERIES} ; {CATALOG_END}"),
    # The dataset
    Fault("CatalogDatasetShape", "a blank node", f"<{REPORT}>", "_:report", 3),
    Fault("Dataset-title", "no title in English", ' , "Example City pledges 2024-03-31 (invented)"@en'),
    Fault(
        "Dataset-slug",
        "no Latin letters",
        '"例市の公約(例)Example City mayoral pledges 2024-03-31"@ja',
        '"例市の公約(例)"@ja',
    ),
    Fault("Dataset-slug", "the address of another dataset", add=SECOND_DATASET),
    Fault("Dataset-description", "no description in English", ' , "How far the pledges had come (invented)."@en'),
    Fault(
        "Dataset-identifier",
        "an address and not text",
        f'identifier "https://w3id.org/pledge-ld/{REPORT}"',
        f"identifier <{REPORT}>",
    ),
    Fault(
        "Dataset-publisher",
        "no publisher",
        f'2024-03-31" ;\n    dcterms:publisher {PUBLISHER} ; ',
        '2024-03-31" ;\n    ',
    ),
    Fault(
        "Dataset-contactPoint",
        "the publisher",
        f'2024-03-31" ;\n    dcterms:publisher {PUBLISHER} ; dcat:contactPoint {CONTACT}',
        f'2024-03-31" ;\n    dcterms:publisher {PUBLISHER} ; dcat:contactPoint {PUBLISHER}',
    ),
    Fault("Dataset-issued", "no day", DATASET_DAYS, DATASET_DAYS.partition(" ; ")[2]),
    Fault(
        "Dataset-modified",
        "a year and no day",
        'dcterms:modified "2024-07-01"^^xsd:date ; dcat:version',
        'dcterms:modified "2024"^^xsd:gYear ; dcat:version',
    ),
    Fault("Dataset-language", "no language", f"{BOTH_LANGUAGES} ; {IN_PLACE} ; dcat:theme", f"{IN_PLACE} ; dcat:theme"),
    Fault(
        "Dataset-spatial",
        "no place",
        f"{IN_PLACE} ; dcat:theme theme:GOVE ;\n    dcat:keyword",
        "dcat:theme theme:GOVE ;\n    dcat:keyword",
    ),
    Fault(
        "Dataset-theme", "a theme as text", f"{IN_PLACE} ; dcat:theme theme:GOVE", f'{IN_PLACE} ; dcat:theme "行政"@ja'
    ),
    Fault("Dataset-keyword", "a colon", '"市長公約"@ja', '"公約:防災"@ja'),
    Fault("Dataset-keyword", "one letter", '"市長公約"@ja', '"水"@ja'),
    Fault("Dataset-keyword", "no language", '"例市"@ja , "mayoral', '"例市" , "mayoral'),
    Fault("Dataset-keyword-ja", "none in Japanese", '"市長公約"@ja , "例市"@ja , '),
    Fault("Dataset-keyword-en", "none in English", ' , "mayoral pledges"@en , "open data"@en'),
    Fault("Dataset-temporal", "no period", f"dcterms:temporal <{REPORT}#period> ; "),
    Fault("Dataset-frequency", "a word", "frequency:ANNUAL ;", '"yearly" ;'),
    Fault("Dataset-accessRights", "no access rights", "dcterms:accessRights access:PUBLIC ; "),
    Fault("Dataset-conformsTo", "no standard", " ; dcterms:conformsTo <ns>"),
    Fault("Dataset-provenance", "no statement", f"    dcterms:provenance <{REPORT}#provenance> ;\n"),
    Fault("Dataset-landingPage", "a page whose class is not stated", "report.html> ;", "report-2.html> ;"),
    Fault("Dataset-inSeries", "in the catalogue too", f"dcat:inSeries {SERIES}", f"dcat:inSeries {SERIES} , <catalog>"),
    Fault("Dataset-version", "no version", ' ; dcat:version "2024-07-01"'),
    Fault(
        "Dataset-distribution",
        "no files",
        f" ;\n    dcat:distribution {TTL} , {CSV} ,\n        <{REPORT}#dist-sparql> .",
        " .",
    ),
    # The series
    Fault("CatalogSeriesShape", "a blank node", SERIES, "_:series", 2),
    Fault("Series-title", "no title in English", ' , "Pledges of Example City (invented) 999999"@en'),
    Fault("Series-description", "no description in English", ' , "One for each assessment (invented)."@en'),
    Fault("Series-publisher", "no publisher", SERIES_END, SERIES_END.replace(f"dcterms:publisher {PUBLISHER} ; ", "")),
    Fault("Series-contactPoint", "no contact", SERIES_END, SERIES_END.replace(f" ; dcat:contactPoint {CONTACT}", "")),
    Fault("Series-member", "no dataset", add=SECOND_SERIES),
    # The files
    Fault("CatalogDistributionShape", "a blank node", CSV, "_:csv", 2),
    Fault("Distribution-title", "no title in English", ' , "Table of scores (invented)"@en'),
    Fault("Distribution-description", "no description in English", ' , "The scores, as CSV (invented)."@en'),
    Fault("Distribution-accessURL", "no address", "dcat:accessURL <https://example.org/scores.csv> ; "),
    Fault(
        "Distribution-downloadURL",
        "two files",
        "dcat:downloadURL <https://example.org/scores.csv>",
        "dcat:downloadURL <https://example.org/scores.csv> , <https://example.org/scores.zip>",
    ),
    Fault("Distribution-format", "a format that CKAN cannot name", "file:CSV a dcterms:IMT , ", "file:CSV a "),
    Fault(
        "Distribution-mediaType",
        "no media type",
        "file:CSV ; dcat:mediaType <https://www.iana.org/assignments/media-types/text/csv> ;",
        "file:CSV ;",
    ),
    Fault("Distribution-license", "the licence is text", STANDING, STANDING.replace(CC_BY, '"CC BY 4.0"')),
    Fault(
        "Distribution-availability",
        "a word",
        STANDING,
        STANDING.replace("availability availability:STABLE", 'availability "stable"'),
    ),
    Fault("Distribution-language", "no language", STANDING, STANDING.partition(" ;\n")[0] + " ."),
    Fault("Distribution-byteSize", "in kilobytes", '"1200"^^xsd:nonNegativeInteger', "1.2"),
    Fault(
        "Distribution-checksum",
        "the value itself",
        f"spdx:checksum <{REPORT}#dist-ttl-sha256>",
        'spdx:checksum "e3b0c442"',
    ),
    Fault("CatalogFormatShape", "a blank node", "file:CSV", "_:csv-format", 2),
    Fault("Format-label", "the ending of a file", 'rdfs:label "CSV"', 'rdfs:label ".csv"'),
    Fault(
        "CatalogMediaTypeShape",
        "a blank node",
        "<https://www.iana.org/assignments/media-types/text/csv>",
        "_:csv-type",
        2,
    ),
    Fault("MediaType-label", "the name of a format", 'rdfs:label "text/csv"', 'rdfs:label "CSV"'),
    Fault("CatalogChecksumShape", "a blank node", f"<{REPORT}#dist-ttl-sha256>", "_:checksum", 2),
    Fault("Checksum-algorithm", "a word", "spdx:algorithm spdx:checksumAlgorithm_sha256", 'spdx:algorithm "SHA-256"'),
    Fault("Checksum-value", "cut short", "a495991b7852b855", ""),
    # What the dataset is about, and where it comes from
    Fault("CatalogProvenanceShape", "a blank node", f"<{REPORT}#provenance>", "_:provenance", 2),
    Fault(
        "Provenance-label",
        "a text for each language",
        'rdfs:label "例市の報告(例)を加工 / Made from',
        'rdfs:label "例市の報告(例)を加工"@ja , "Made from',
    ),
    Fault("CatalogPeriodShape", "a blank node", f"<{REPORT}#period>", "_:period", 2),
    Fault(
        "Period-startDate",
        "a year and no day",
        'dcat:startDate "2022-04-01"^^xsd:date',
        'dcat:startDate "2022"^^xsd:gYear',
    ),
    Fault("Period-endDate", "no last day", ' ; dcat:endDate "2024-03-31"^^xsd:date'),
    Fault(
        "Location-bbox",
        "no extent",
        '    dcat:bbox "POLYGON((141 42, 141.5 42, 141.5 42.25, 141 42.25, 141 42))"^^geo:wktLiteral ;\n',
    ),
    Fault("Location-centroid", "no middle", ' ;\n    dcat:centroid "POINT(141.25 42.125)"^^geo:wktLiteral'),
    # The operator and the licence
    Fault("CatalogAgentShape", "a blank node", PUBLISHER, "_:publisher", 5),
    Fault("Agent-name", "no name in English", ' , "Example club (invented)"@en'),
    Fault("Agent-type", "the kind is not said", "    dcterms:type kind:NonGovernmentalOrganisation ; foaf", "    foaf"),
    Fault("CatalogContactShape", "a blank node", CONTACT, "_:contact", 5),
    Fault("Contact-name", "no name in English", ' , "Desk of the club (invented)"@en'),
    Fault("Contact-address", "mail as text", "<mailto:data@example.org>", '"data@example.org"'),
    Fault("CatalogLicenceShape", "a blank node", CC_BY, "_:licence", 5),
    Fault(
        "Licence-title",
        "a title with a language",
        '"Creative Commons Attribution"',
        '"Creative Commons Attribution"@en',
    ),
    Fault("Licence-type", "the kind is not said", " ; dcterms:type terms:Attribution"),
    # The endpoint
    Fault("CatalogServiceShape", "a blank node", "<catalog#sparql>", "_:sparql", 2),
    Fault("Service-title", "no title in English", ' , "Endpoint (invented)"@en'),
    Fault("Service-endpointURL", "no address", "dcat:endpointURL <https://example.org/sparql> ; "),
    Fault(
        "Service-endpointDescription",
        "a description as text",
        "dcat:endpointDescription <https://example.org/sparql>",
        'dcat:endpointDescription "SPARQL 1.1"',
    ),
    Fault("Service-servesDataset", "serves a file", f"dcat:servesDataset <{REPORT}>", f"dcat:servesDataset {TTL}"),
    Fault("Service-keyword", "no language", '"窓口"@ja', '"窓口"'),
    Fault("Service-theme", "no theme", '"SPARQL"@en ; dcat:theme theme:GOVE', '"SPARQL"@en'),
    Fault("Service-conformsTo", "no protocol", "    dcterms:conformsTo <https://www.w3.org/TR/sparql11-protocol/> ;\n"),
    Fault(
        "Service-publisher", "no publisher", SERVICE_END, SERVICE_END.replace(f"dcterms:publisher {PUBLISHER} ; ", "")
    ),
    Fault(
        "Service-contactPoint", "no contact", SERVICE_END, SERVICE_END.replace(f" ; dcat:contactPoint {CONTACT}", "")
    ),
)
TABLES = {"small-city.ttl": FAULTS, "catalog.ttl": CATALOG_FAULTS}
"""Valid example → what is done to it."""


def file_name(fault: Fault) -> str:
    """Name a file after the shape and the reason.

    >>> file_name(Fault("Score-stars", "eleven stars"))
    'Score-stars.eleven-stars.ttl'
    """
    why = re.sub(r"[^a-z0-9]+", "-", fault.why.lower()).strip("-")
    return f"{fault.shape}.{why}.ttl"


def with_fault(text: str, fault: Fault) -> str:
    """Put one fault into a conforming text.

    :raises ValueError: if the text to take out is not there as often as the table says.
    """
    if fault.out and text.count(fault.out) != fault.times:
        message = f"{file_name(fault)}: expected {fault.times} of {fault.out!r}, got {text.count(fault.out)}"
        raise ValueError(message)
    _, _, body = text.partition("\n")
    if fault.out:
        body = body.replace(fault.out, fault.put)
    return f"# Wrong on purpose: {fault.why}. Only {fault.shape} may fire.\n{body}{fault.add}"


def counterexamples(valid: Path = HERE / "valid") -> dict[str, str]:
    """Give every file name with its text."""
    texts = {name: (valid / name).read_text(encoding="utf-8") for name in TABLES}
    return {file_name(fault): with_fault(texts[name], fault) for name, faults in TABLES.items() for fault in faults}


def main() -> None:
    """Write every file of the table into ``invalid``, and remove what is no longer in it."""
    folder = HERE / "invalid"
    folder.mkdir(exist_ok=True)
    texts = counterexamples()
    for old in folder.glob("*.ttl"):
        if old.name not in texts:
            old.unlink()
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
