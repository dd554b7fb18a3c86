// Bundles a script into one file, with the licences of what is in it beside:
// node bundle.mjs SCRIPT OUT LICENCES
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { build } from "esbuild";

const [script, out, licences] = process.argv.slice(2);
const made = await build({
  entryPoints: [script],
  bundle: true,
  minify: true,
  format: "iife",
  target: "es2022",
  define: { global: "window" },
  loader: { ".css": "empty" }, // the one of Plotly's maps, which the pages have none of
  metafile: true,
  outfile: out,
});
const packages = new Set(
  Object.values(made.metafile.outputs)
    .flatMap(({ inputs }) => Object.entries(inputs))
    .filter(([path, { bytesInOutput }]) => bytesInOutput > 0 && !path.endsWith(".css"))
    .map(([path]) => path.match(/node_modules\/((?:@[^/]+\/)?[^/]+)\//)?.[1])
    .filter(Boolean),
);
const texts = [...packages].sort().map((name) => {
  const folder = `node_modules/${name}`;
  const { version, license, author } = JSON.parse(readFileSync(`${folder}/package.json`, "utf8"));
  const file = readdirSync(folder).find((one) => /^licen[cs]e/i.test(one));
  const text = file ? readFileSync(`${folder}/${file}`, "utf8").trim() : `${license}, ${author.name ?? author}`;
  return `${name} ${version}\n\n${text}\n`;
});
writeFileSync(licences, texts.join("\n----\n\n"));
