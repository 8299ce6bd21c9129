import type { IndicatorKind } from "@detente/record";
import type { BlockList } from "./block-list.ts";
import { headerOf, joinLines, notInFormat, provenanceOf, reasonOf, renderEach, type Rendering } from "./rendering.ts";

const TYPES: Readonly<Partial<Record<IndicatorKind, string>>> = {
  domain: "Intel::DOMAIN",
  ipv4: "Intel::ADDR",
  ipv6: "Intel::ADDR",
  cidr4: "Intel::SUBNET",
  cidr6: "Intel::SUBNET",
  url: "Intel::URL",
  email: "Intel::EMAIL",
  md5: "Intel::FILE_HASH",
  sha1: "Intel::FILE_HASH",
  sha256: "Intel::FILE_HASH",
};

const FIELDS = ["indicator", "indicator_type", "meta.source", "meta.desc"];

/**
 * A file for Zeek's intelligence framework (base/frameworks/intel): tab-separated, URLs without their scheme.
 * `Intel::DOMAIN` is compared as a whole, so names below a listed one do not match there.
 */
export function renderZeekIntel(list: BlockList): Rendering {
  const { lines, leftOut } = renderEach(list, (entry) => {
    const type = TYPES[entry.kind];
    if (type === undefined) return notInFormat("Zeek's intelligence framework has no type for it");
    const value = entry.kind === "url" ? entry.value.replace(/^[a-z]+:\/\//, "") : entry.value;
    return [value, type, provenanceOf(entry), reasonOf(entry)].map(field).join("\t");
  });
  const header = headerOf(list, lines.length, leftOut).map((line) => `#${line.replaceAll("\t", " ")}`);
  return {
    files: [{ name: "detente.intel", text: joinLines([`#fields\t${FIELDS.join("\t")}`], header, lines) }],
    leftOut,
  };
}

/** A field of Zeek's ASCII reader: `\xHH` is undone there, `-` alone stands for no value, `(empty)` for an empty one. */
function field(text: string): string {
  if (text === "") return "(empty)";
  const escaped = text.replaceAll("\\", "\\x5c");
  return /^(?:-|\(empty\))$/.test(escaped) ? `\\x${escaped.charCodeAt(0).toString(16)}${escaped.slice(1)}` : escaped;
}
