import type { BlockFormat } from "./block-formats.ts";
import type { BlockList } from "./block-list.ts";
import { renderCsv } from "./csv-table.ts";
import { renderHosts } from "./hosts.ts";
import { renderJsonLines } from "./json-lines.ts";
import { renderMispEvents } from "./misp-events.ts";
import { renderNftables } from "./nftables.ts";
import type { Rendering } from "./rendering.ts";
import { renderRpz } from "./rpz.ts";
import { renderSigma } from "./sigma.ts";
import { renderSquid } from "./squid.ts";
import { renderStixBundle } from "./stix-bundle.ts";
import { renderSuricataDatasets } from "./suricata-datasets.ts";
import { renderSuricataRules } from "./suricata-rules.ts";
import { renderYara } from "./yara.ts";
import { renderZeekIntel } from "./zeek-intel.ts";

const RENDERERS: Readonly<Record<BlockFormat, (list: BlockList) => Rendering>> = {
  rpz: renderRpz,
  hosts: renderHosts,
  suricata: renderSuricataRules,
  "suricata-datasets": renderSuricataDatasets,
  zeek: renderZeekIntel,
  nftables: renderNftables,
  squid: renderSquid,
  yara: renderYara,
  sigma: renderSigma,
  csv: renderCsv,
  jsonl: renderJsonLines,
  stix: renderStixBundle,
  misp: renderMispEvents,
};

/**
 * A block list in the syntax of a tool. The same list gives the same bytes. Whatever stands in values, titles and
 * descriptions ends up in its place: none of it can begin a line or a rule of its own.
 */
export function renderBlockList(format: BlockFormat, list: BlockList): Rendering {
  return RENDERERS[format](list);
}
