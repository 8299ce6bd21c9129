/** The exports as the tools themselves read them; each is skipped where its tool is not installed. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { candidate, NOW } from "../testing/candidates.ts";
import type { BlockFormat } from "./block-formats.ts";
import { blockList } from "./block-list.ts";
import { renderBlockList } from "./render.ts";

const EICAR_MD5 = "44d88612fea8a8f36de82e1278abb02f";
const NASTY = `"; } drop # \\ ' é\n*/ | ) pass ( evil2.example CNAME .`;
const VALUES = [
  "evil.example",
  "www.evil.example",
  "_dmarc.evil.example",
  "xn--bcher-kva.example",
  "8.0.0.10.rpz-ip",
  `${"a".repeat(60)}.${"b".repeat(60)}.${"c".repeat(50)}.example`,
  "8.8.4.3",
  "8.8.4.0/24",
  "8.8.0.0/16",
  "2a00:1::1",
  "2a00:1::/32",
  "2a00:1:2::/48",
  `http://evil.example/a;b"c|d?e='f`,
  "http://[2a00:1::1]:8080/x",
  "+a@evil.example",
  EICAR_MD5,
  "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
];
const LIST = blockList(
  VALUES.map((value) => candidate(value, { description: NASTY, title: NASTY })),
  { now: NOW, minConfidence: 0 },
);

/** Whether a tool is there and may do what it is asked to at all. */
function works(command: string, args: readonly string[], input = ""): boolean {
  const { status, error } = spawnSync(command, args, { input });
  return error === undefined && status === 0;
}

let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "block-"));
});

afterEach(() => rmSync(home, { recursive: true }));

function written(format: BlockFormat): string[] {
  return renderBlockList(format, LIST).files.map(({ name, text }) => {
    writeFileSync(join(home, name), text);
    return join(home, name);
  });
}

function run(command: string, ...args: readonly string[]): { code: number | null; text: string } {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: "utf8", cwd: home });
  return { code: status, text: stdout + stderr };
}

describe("read by the tool itself", () => {
  it.skipIf(!works("named-checkzone", ["-v"]))("BIND takes the response policy zone, under a long name too", () => {
    const [file = ""] = written("rpz");
    const zone = `${"z".repeat(31)}.${"y".repeat(32)}`;
    const { code, text } = run("named-checkzone", "-D", "-k", "fail", zone, file);
    expect(text).toContain(`loaded serial ${LIST.serial}`);
    expect(code).toBe(0);
    expect(text).toContain(`32.zz.1.2a00.rpz-ip.${zone}.`);
    expect(text).not.toContain("evil2");
  });

  it.skipIf(!works("nft", ["-c", "-f", "-"], "add table inet detente\n"))(
    "nftables takes the sets, overlaps and all",
    () => {
      const [file = ""] = written("nftables");
      expect(run("nft", "-c", "-f", file)).toEqual({ code: 0, text: "" });
    },
  );

  it.skipIf(!works("squid", ["-v"]))("Squid takes the lists without a word about them", () => {
    const [domains = "", addresses = ""] = written("squid");
    const config = join(home, "squid.conf");
    writeFileSync(
      config,
      `acl d dstdomain "${domains}"\nacl a dst "${addresses}"\nhttp_access deny d\nhttp_access deny a\nhttp_port 3128\n`,
    );
    const { code, text } = run("squid", "-k", "parse", "-f", config);
    expect(text.split("\n").filter((line) => /warning|error|fatal|ignored|bungled/i.test(line))).toEqual([]);
    expect(code).toBe(0);
  });

  it.skipIf(!works("yara", ["--version"]))("YARA finds the file by its digest, and no other", () => {
    const [rules = ""] = written("yara");
    // The test file that all anti-virus programs agree to find (eicar.org), in two parts so that they do not.
    const eicar = join(home, "eicar.txt");
    writeFileSync(eicar, ["X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-", "STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"].join(""));
    expect(execFileSync("yara", ["-w", rules, eicar], { encoding: "utf8" })).toBe(
      `detente_md5_${EICAR_MD5} ${eicar}\n`,
    );
  });

  it.skipIf(!works("suricata", ["-V"]))("Suricata takes the rules", () => {
    for (const format of ["suricata", "suricata-datasets"] as const) {
      const [rules = ""] = written(format);
      const { code, text } = run("suricata", "-T", "-S", rules, "-l", home);
      expect(text).not.toMatch(/error/i);
      expect(code).toBe(0);
    }
  });
});
