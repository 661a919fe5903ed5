// Bundles src/ into ../static/front/, which a build of the site copies as it is. Run by `make` when a source changed.
import { build } from "esbuild";
import { mkdir, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const here = new URL("./", import.meta.url);
const made = new URL("../static/.front-new/", here);
const out = new URL("../static/front/", here);

await rm(made, { recursive: true, force: true });
await mkdir(made, { recursive: true });
const { metafile } = await build({
  absWorkingDir: here.pathname,
  entryPoints: ["src/measures.js", "src/query.js", "src/engine.js"],
  outdir: made.pathname,
  bundle: true,
  splitting: true,
  format: "esm",
  target: ["es2022"],
  minify: true,
  charset: "utf8",
  legalComments: "none",
  chunkNames: "part-[hash]",
  metafile: true,
});

// Oxigraph's engine, compressed here once and as small as it gets: at each build of a site it would take half a second.
const wasm = await readFile(new URL("node_modules/oxigraph/web_bg.wasm", here));
const best = { params: { [constants.BROTLI_PARAM_QUALITY]: 10, [constants.BROTLI_PARAM_SIZE_HINT]: wasm.length } };
await writeFile(new URL("oxigraph.wasm", made), wasm);
await writeFile(new URL("oxigraph.wasm.br", made), brotliCompressSync(wasm, best));
await writeFile(new URL("oxigraph.wasm.gz", made), gzipSync(wasm, { level: 9 }));
await writeFile(new URL("licences.txt", made), await licences(Object.keys(metafile.inputs)));
await rm(out, { recursive: true, force: true });
await rename(made, out);

// The licence of each package of which something is in the bundle, as most of them ask.
async function licences(inputs) {
  const names = new Set(inputs.map((one) => one.match(/^node_modules\/((?:@[^/]+\/)?[^/]+)\//)?.[1]).filter(Boolean));
  const texts = [];
  for (const name of [...names].sort()) {
    const folder = new URL(`node_modules/${name}/`, here);
    const { version, license } = JSON.parse(await readFile(new URL("package.json", folder), "utf8"));
    const file = (await readdir(folder)).find((one) => /^licen[cs]e/i.test(one));
    const text = file ? await readFile(new URL(file, folder), "utf8") : await kept(name, license);
    texts.push(`${name} ${version} (${license})\n\n${text.trim()}\n`);
  }
  return texts.join(`\n${"-".repeat(80)}\n\n`);
}

// A package that does not carry its licence itself has it kept in licences/.
async function kept(name, license) {
  try {
    return await readFile(new URL(`licences/${name.replace("/", "-")}.txt`, here), "utf8");
  } catch {
    throw new Error(`${name}: no licence in the package nor in licences/ (${license})`);
  }
}
