import { type Bytes, utf8Decode } from "@detente/basics";
import type { SharingGoal } from "../misp/distribution.ts";
import { isMisp, readMisp } from "../misp/read-misp.ts";
import { Collector, type Where } from "./collector.ts";
import { detectLayout, readCsv } from "./csv.ts";
import { parseJsonDocument } from "./json-document.ts";
import { readList } from "./list.ts";
import { type IndicatorFile, MAX_INDICATOR_FILE, type RejectionCode } from "./report.ts";
import { isStix, readStix } from "./stix.ts";

const WHOLE_FILE: Where = { place: "file", line: () => 1 };

/**
 * Reads indicators from a file whose format is told by its content: a STIX 2.1 bundle, a MISP event, CSV (comma,
 * semicolon or tab, with or without a heading) or a plain list. Never throws on what a file holds: what was not
 * understood is in `rejected` with file, line, reason and remedy, a fault of the whole file too.
 * @param name the file's name, for messages
 * @param content at most 64 MiB of UTF-8, or as many UTF-16 units of text
 * @param goal where the indicators are to go: what MISP's distribution and tags keep from there is rejected
 */
export function readIndicators(name: string, content: Bytes | string, goal?: SharingGoal): IndicatorFile {
  const into = new Collector(name);
  const refuse = (code: RejectionCode, reason: string): IndicatorFile => {
    into.reject(WHOLE_FILE, "", code, reason);
    return into.finish("unknown");
  };
  if (content.length > MAX_INDICATOR_FILE) return refuse("file-too-large", "the file is over 64 MiB; split it");
  const decoded = typeof content === "string" ? content : utf8Decode(content);
  if (decoded === undefined)
    return refuse("not-utf8", "the file is not UTF-8 text; convert it, for example with iconv");
  const text = decoded.startsWith("\ufeff") ? decoded.slice(1) : decoded;
  if (text.includes("\0")) return refuse("not-utf8", "the file has NUL characters; convert it to UTF-8 text");
  if (text.trim() === "") return refuse("unknown-format", "the file is empty");
  if (/^\s*(?:\{|\[\s*(?:[{"\]]|$))/.test(text)) {
    const document = parseJsonDocument(text);
    if (!document.ok) return refuse(document.fault.code, document.fault.message);
    if (isStix(document.value.root)) {
      readStix(document.value, into);
      return into.finish("stix");
    }
    if (isMisp(document.value.root)) {
      readMisp(document.value, into, goal);
      return into.finish("misp");
    }
    return refuse(
      "unknown-format",
      "the JSON is neither a STIX 2.1 bundle nor a MISP event; export it as one of these",
    );
  }
  const layout = detectLayout(text);
  if (layout !== undefined) {
    readCsv(text, layout, into);
    return into.finish("csv");
  }
  readList(text, into);
  return into.finish("list");
}
