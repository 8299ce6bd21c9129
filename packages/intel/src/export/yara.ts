import type { BlockList } from "./block-list.ts";
import {
  headerOf,
  instant,
  joinLines,
  notInFormat,
  provenanceOf,
  reasonOf,
  renderEach,
  type Rendering,
} from "./rendering.ts";

/** YARA rules for whole files by their digests, with YARA's module `hash`; each digest is computed once a file. */
export function renderYara(list: BlockList): Rendering {
  const { lines, leftOut } = renderEach(list, (entry) => {
    const { kind, value } = entry;
    if (kind !== "md5" && kind !== "sha1" && kind !== "sha256") return notInFormat("YARA sees files only");
    return [
      `rule detente_${kind}_${value} {`,
      "  meta:",
      `    source = ${quoted(provenanceOf(entry))}`,
      `    reason = ${quoted(reasonOf(entry))}`,
      `    expires = "${instant(entry.expires)}"`,
      "  condition:",
      `    hash.${kind}(0, filesize) == "${value}"`,
      "}",
    ].join("\n");
  });
  const header = headerOf(list, lines.length, leftOut).map((line) => `// ${line}`);
  return { files: [{ name: "detente.yar", text: joinLines(header, ['import "hash"'], lines) }], leftOut };
}

const encoder = new TextEncoder();

/** A text string: what is not printable ASCII, quotes and backslashes as `\xHH` of its UTF-8. */
function quoted(text: string): string {
  const escaped = text.replace(/[^ !#-[\]-~]/gu, (char) =>
    Array.from(encoder.encode(char), (byte) => `\\x${byte.toString(16).padStart(2, "0")}`).join(""),
  );
  return `"${escaped}"`;
}
