// Asks endpoints with Comunica: comunica.js QUERY-FILE ENDPOINT... → SPARQL results as JSON.
// Its own program ends when its connections do, which is when the servers close them, and takes one that is closed while
// it still joins for a broken answer: this one ends when it has all rows.
const fs = require("node:fs");
const { QueryEngine } = require("@comunica/query-sparql");

async function main(file, ...endpoints) {
    const engine = new QueryEngine();
    const sources = endpoints.map((value) => ({ type: "sparql", value }));
    // It asks all at once; where a server has enough of that, it is to come again after the time that the server names.
    const found = await engine.query(fs.readFileSync(file, "utf8"), { sources, httpRetryCount: 50 });
    const { data } = await engine.resultToString(found, "application/sparql-results+json");
    let text = "";
    for await (const part of data) text += part;
    process.stdout.write(text, () => process.exit(0));
}

main(...process.argv.slice(2)).catch((error) => {
    console.error(error);
    process.exit(1);
});
