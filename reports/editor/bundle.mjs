// Bundles editor.js into one file, with the licences of what is in it beside: node bundle.mjs OUT LICENCES
import { readFileSync, writeFileSync } from "node:fs";
import { build } from "esbuild";

const [out, licences] = process.argv.slice(2);
const made = await build({
  entryPoints: ["editor.js"],
  bundle: true,
  minify: true,
  format: "iife",
  target: "es2022",
  legalComments: "none",
  metafile: true,
  outfile: out,
});
const packages = new Set(
  Object.keys(made.metafile.inputs)
    .map((path) => path.match(/node_modules\/((?:@[^/]+\/)?[^/]+)\//)?.[1])
    .filter(Boolean),
);
const texts = [...packages].sort().map((name) => {
  const { version } = JSON.parse(readFileSync(`node_modules/${name}/package.json`, "utf8"));
  return `${name} ${version}\n\n${readFileSync(`node_modules/${name}/LICENSE`, "utf8").trim()}\n`;
});
writeFileSync(licences, texts.join("\n----\n\n"));
