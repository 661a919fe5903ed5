// Paths of JSON-LD files, one a line → how many distinct quads npm's jsonld finds in each, as JSON. One process for all.
"use strict";

const { readFileSync } = require("node:fs");
const jsonld = require("jsonld");

// "safe" makes an error of what would be dropped in silence: a key that no context explains, a relative IRI.
const options = {
  format: "application/n-quads",
  safe: true,
  documentLoader: (address) => {
    throw new Error(`refers to ${address}`);
  },
};

async function main() {
  const counts = {};
  for (const path of readFileSync(0, "utf8").split("\n").filter(Boolean)) {
    try {
      const text = await jsonld.toRDF(JSON.parse(readFileSync(path, "utf8")), options);
      counts[path] = new Set(text.split("\n").filter(Boolean)).size;
    } catch (error) {
      const details = JSON.stringify(error.details ?? {}, (_, one) => (one instanceof Error ? one.message : one));
      throw new Error(`${path}: ${error.message} ${details}`);
    }
  }
  process.stdout.write(JSON.stringify(counts));
}

main().catch((error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
