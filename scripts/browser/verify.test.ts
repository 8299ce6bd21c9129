import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { CASES, EXPECTED_ANSWERS } from "./cases.ts";
import { CHROMIUM, dumpDom } from "./chromium.mjs";
import { importMap, serve } from "./serve.mjs";

const PAGE = `<!doctype html>
<script>addEventListener("error", ({ message }) => (document.getElementById("result").textContent = message))</script>
<script type="importmap">${JSON.stringify(importMap(["basics", "tlog"]))}</script>
<script type="application/json" id="cases">${JSON.stringify(CASES)}</script>
<pre id="result">nothing ran</pre>
<script type="module" src="/scripts/browser/page.mjs"></script>
`;

test.skipIf(!existsSync(CHROMIUM))(`what was built verifies in a browser (needs ${CHROMIUM})`, async () => {
  const site = await serve(PAGE);
  try {
    const html = await dumpDom(site.url);
    expect(site.missing).toEqual([]);
    const result = /<pre id="result">([^<]*)<\/pre>/.exec(html)?.[1] ?? html;
    expect(result).toMatch(/^\{/);
    expect(JSON.parse(result)).toEqual(EXPECTED_ANSWERS);
  } finally {
    site.close();
  }
});
