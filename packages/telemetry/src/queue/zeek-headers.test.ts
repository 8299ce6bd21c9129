import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { zeekHeaders } from "./zeek-headers.ts";

async function* inChunks(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text, "latin1");
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const headersOf = (text: string, cuts: readonly number[], size = 7): Promise<string[] | undefined> =>
  zeekHeaders(inChunks(text, size), cuts);

/** As Zeek's documentation shows them ("Zeek Log Formats and Inspection"). */
const CONN =
  "#separator \\x09\n#set_separator\t,\n#path\tconn\n#open\t2026-11-23\n#fields\tts\thost\n#types\ttime\tstring\n";
const CONN_KEPT = "#separator \\x09\n#set_separator\t,\n#fields\tts\thost\n#types\ttime\tstring\n";

describe("zeekHeaders", () => {
  it("gives what says how to read the lines behind each cut", async () => {
    const text = `${CONN}1\ta\n2\tb\n#close\t2026\n${CONN.replace("host", "query")}3\tc\n`;
    const second = text.indexOf("#separator", 1);
    const cuts = [CONN.length + 4, second, text.length - 4];
    expect(await headersOf(text, cuts)).toEqual([CONN_KEPT, CONN_KEPT, CONN_KEPT.replace("host", "query")]);
  });

  it("forgets the types of other fields", async () => {
    const text = "#fields\ta\n#types\tint\n1\n#fields\tb\nx\ny\n";
    expect(await headersOf(text, [text.length - 2])).toEqual(["#fields\tb\n"]);
  });

  it("reads CR LF and passes over a byte order mark", async () => {
    const text = `\u00ef\u00bb\u00bf${CONN.replaceAll("\n", "\r\n")}1\ta\r\n`;
    expect(await headersOf(text, [text.length - 5])).toEqual([CONN_KEPT]);
  });

  it("leaves in one piece what it cannot tell to workers", async () => {
    expect(await headersOf("#fields\t\u00fc\n1\n2\n", [13])).toBeUndefined();
    expect(await headersOf(`#fields\t${"a".repeat(70_000)}\n1\n`, [70_010], 4096)).toBeUndefined();
  });

  it("finds the same in chunks of any size", async () => {
    const part = fc.constantFrom(
      "\n",
      "#",
      "#fields\ta\n",
      "#types\tint\n",
      "#separator \\x09\n",
      "1\ta\n",
      "x#y\n",
      "#close\n",
    );
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 20 }), fc.integer({ min: 1, max: 9 }), async (parts, size) => {
        const text = parts.join("");
        const cuts = [...text.matchAll(/\n(?!$)/g)].map(({ index }) => index + 1);
        expect(await headersOf(text, cuts, size)).toEqual(await headersOf(text, cuts, 1 << 20));
      }),
    );
  });
});
