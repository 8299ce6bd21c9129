import { appendFile, mkdir, mkdtemp, readdir, readFile, rename, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { StateDirectory } from "@detente/telemetry";
import { detente, until } from "../testing/console.ts";

/** Two of four requests are by the address, one of them names the URL, and so its host, as its referrer. */
const ACCESS_LOG = [
  '198.51.100.4 - - [23/Nov/2026:10:00:00 +0000] "GET / HTTP/1.1" 200 12 "-" "curl"',
  '203.0.113.7 - - [23/Nov/2026:10:01:00 +0000] "GET /x HTTP/1.1" 200 12 "http://evil.example.net/login" "curl"',
  '203.0.113.7 - - [23/Nov/2026:10:02:00 +0000] "GET /y HTTP/1.1" 200 12 "-" "curl"',
  '198.51.100.4 - - [23/Nov/2026:10:05:00 +0000] "GET / HTTP/1.1" 200 12 "-" "curl"',
].join("\n");

let dir: string;
let list: string;
let log: string;

async function file(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(dir, name);
  await writeFile(path, content);
  return path;
}

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "detente-cli-"));
  list = await file("list.txt", "evil[.]example[.]net\n203.0.113.7\n");
  log = await file("access.log", ACCESS_LOG);
});

afterEach(() => rm(dir, { recursive: true, force: true }));

describe("screen with indicators of files", () => {
  it("prints file, line, column, time, field and indicator of each hit, and ends with 0", async () => {
    const { code, out } = await detente(["screen", log, "--indicators", list]);
    expect(code).toBe(0);
    expect(out.split("\n").slice(0, 3)).toEqual([
      `${log}:2:1  2026-11-23 10:01:00Z  remote_addr  ipv4 203.0.113.7 (exact-field)  from a file`,
      `${log}:2:79  2026-11-23 10:01:00Z  referer  domain evil.example.net (exact-field)  from a file`,
      `${log}:3:1  2026-11-23 10:02:00Z  remote_addr  ipv4 203.0.113.7 (exact-field)  from a file`,
    ]);
    expect(out).toMatch(/^ipv4 +203\.0\.113\.7 +2 +2026-11-23 10:01:00Z +2026-11-23 10:02:00Z +from a file/m);
    expect(out).toMatch(
      /access\.log: 3 hits in 4 lines \(access-log, .*, 2026-11-23 10:00:00Z to 2026-11-23 10:05:00Z\)\n$/,
    );
  });

  it("shows the text around each hit if asked, also in the journal, and sends none through a queue", async () => {
    const [, line = ""] = ACCESS_LOG.split("\n");
    const shown = await detente(["screen", log, "--indicators", list, "--context"]);
    expect(
      shown.out
        .split("\n")
        .slice(0, 4)
        .filter((text) => text === `    ${line}`),
    ).toHaveLength(2);
    const state = join(dir, "state");
    const { out } = await detente(["screen", log, "--indicators", list, "--context", "--state", state, "--json"]);
    const journal = await readFile(join(state, "hits.jsonl"), "utf8");
    expect(out.startsWith(journal)).toBe(true);
    expect(JSON.parse(journal.split("\n")[0] ?? "")).toMatchObject({ line: 2, context: line });
    const queue = ["--queue", "nats://127.0.0.1:4222"];
    expect(await detente(["screen", log, "--indicators", list, "--context", ...queue])).toMatchObject({
      code: 2,
      err: "detente: --context: is text of the logs, which never goes into the queue — leave out one of the two\n",
    });
  });

  it("takes the year that a syslog leaves out from when its file was written", async () => {
    const text = ["Dec 31 23:59:59", "Jan  1 00:00:01"].map((at) => `${at} mx smtpd[1]: connect from x[203.0.113.7]\n`);
    const plainLog = await file("mail.log", text.join(""));
    const packedLog = await file("mail.log.2.gz", gzipSync(text.join("")));
    for (const path of [plainLog, packedLog]) await utimes(path, 1767312000, Date.UTC(2026, 0, 2) / 1000);
    const times = async (...flags: readonly string[]): Promise<unknown[]> => {
      const { out } = await detente(["screen", plainLog, packedLog, "--indicators", list, "--json", ...flags]);
      return out
        .split("\n")
        .slice(0, 4)
        .map((line) => (JSON.parse(line) as { time: unknown }).time);
    };
    const [before, after] = [Date.UTC(2025, 11, 31, 23, 59, 59), Date.UTC(2026, 0, 1, 0, 0, 1)];
    expect(await times()).toEqual([before, after, before, after]);
    expect(await times("--state", join(dir, "state"))).toEqual([before, after, before, after]);
    const piped = await detente(["screen", "-", "--indicators", list, "--json"], {
      stdin: [Buffer.from(text.join(""))],
    });
    expect(JSON.parse(piped.out.split("\n")[0] ?? "")).toMatchObject({ time: null });
  });

  it("ends with 1 where nothing is found", async () => {
    const clean = await file("clean.log", "nothing of interest\n");
    expect(await detente(["screen", clean, "--indicators", list])).toMatchObject({ code: 1 });
  });

  it("gives a line of JSON for each hit and one with the summary", async () => {
    const { out } = await detente(["screen", log, "--indicators", list, "--json"]);
    const lines = out
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as unknown);
    expect(lines).toHaveLength(4);
    expect(lines[0]).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
      input: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
      file: log,
      line: 2,
      column: 1,
      field: "remote_addr",
      time: Date.UTC(2026, 10, 23, 10, 1),
      class: "exact-field",
      match: "203.0.113.7",
      indicator: { kind: "ipv4", value: "203.0.113.7" },
      from: null,
    });
    expect(lines[3]).toMatchObject({ summary: { hits: 3, posted: [], files: [{ name: log, lines: 4, hits: 3 }] } });
  });

  it("prints a line for each indicator if asked", async () => {
    const { out } = await detente(["screen", log, "--indicators", list, "--sightings"]);
    expect(out).not.toContain(`${log}:2:1`);
    expect(out).toMatch(/^kind +indicator +hits/);
  });

  it("refuses at once to keep a place in what is screened whole", async () => {
    for (const format of ["mbox", "eml", "dnstap"]) {
      for (const way of [["--state", join(dir, "state")], ["--follow"]]) {
        const { code, err } = await detente(["screen", log, "--indicators", list, "--format", format, ...way]);
        expect([code, err]).toEqual([
          2,
          `detente: --format ${format}: is screened whole, so no place in it can be kept — leave out --state and --follow\n`,
        ]);
      }
    }
    expect(await readdir(dir)).not.toContain("state");
  });

  it("leaves out what has expired, and says how much", async () => {
    const expiring = await file(
      "list.csv",
      "indicator,expires\nevil.example.net,2999-01-01\n203.0.113.7,2026-01-01\nold.example,2026-01-01\n",
    );
    const { out } = await detente(["screen", log, "--indicators", expiring]);
    expect(out).toContain("1 hit in 4 lines");
    expect(out).toMatch(/^2 indicators not looked for: expired$/m);
    const json = await detente(["screen", log, "--indicators", expiring, "--json"]);
    expect(JSON.parse(json.out.trimEnd().split("\n").at(-1) ?? "")).toMatchObject({ summary: { hits: 1, expired: 2 } });
    const gone = await file("gone.csv", "indicator,expires\n203.0.113.7,2026-01-01\n");
    const { code, err } = await detente(["screen", log, "--indicators", gone]);
    expect(code).toBe(2);
    expect(err).toContain("detente: indicators: all that there are have expired (1) — get newer ones");
  });

  it("unpacks gzip whatever the file's name, and reads standard input, packed or not", async () => {
    const packed = await file("access.log.1", gzipSync(ACCESS_LOG));
    const ways = await Promise.all([
      detente(["screen", packed, "--indicators", list]),
      detente(["screen", "-", "--indicators", list], { stdin: [Buffer.from(ACCESS_LOG)] }),
      // One byte at a time: gzip's magic number is cut in two.
      detente(["screen", "-", "--indicators", list], {
        stdin: [...gzipSync(ACCESS_LOG)].map((byte) => Uint8Array.of(byte)),
      }),
    ]);
    for (const { code, out } of ways) {
      expect(code).toBe(0);
      expect(out).toContain("3 hits in 4 lines");
    }
  });

  it("says what is wrong with an input, screens what it can and ends with 2", async () => {
    const cut = await file("cut.gz", gzipSync(`${ACCESS_LOG}\n`.repeat(500)).subarray(0, -20));
    const { code, out, err } = await detente(["screen", cut, join(dir, "none"), log, "--indicators", list]);
    expect(code).toBe(2);
    expect(err).toContain(`detente: ${dir}/none: does not exist — check the path\n`);
    expect(err).toMatch(
      /detente: .*cut\.gz: is cut or damaged after .* — what could be unpacked was read; copy it again\n/,
    );
    expect(out).toMatch(/cut\.gz: [0-9,]+ hits in [0-9,]+ lines/);
    expect(out).toContain(`${log}: 3 hits in 4 lines`);
  });

  it("screens all of a directory, each file once", async () => {
    await mkdir(join(dir, "logs/old"), { recursive: true });
    await rename(log, join(dir, "logs/access.log"));
    await file("logs/old/access.log.1.gz", gzipSync(ACCESS_LOG));
    const { code, out } = await detente(["screen", join(dir, "logs"), join(dir, "logs/*.log"), "--indicators", list]);
    expect(code).toBe(0);
    expect(out.match(/3 hits in 4 lines/g)).toHaveLength(2);
  });

  it("does not unpack more than it may", async () => {
    const bomb = await file("bomb", gzipSync(Buffer.alloc(1 << 20)));
    const { code, err } = await detente(["screen", bomb, "--indicators", list, "--max-unpacked", "512KiB"]);
    expect(code).toBe(2);
    expect(err).toContain(`${bomb}: unpacks to more than 512.0 KiB; what follows was not read — raise the limit`);
  });

  it("prints so many hits of an indicator as it is told, says so, and counts all", async () => {
    const noisy = await file("noisy.log", `${"203.0.113.7\n".repeat(500)}evil.example.net\n`);
    const { out, err } = await detente(["screen", noisy, "--indicators", list, "--max-per-indicator", "3"]);
    expect(out.match(/^.*noisy\.log:[0-9]+:1 .*$/gm)).toHaveLength(4);
    expect(err).toContain(
      "ipv4 203.0.113.7: 3 hits printed; more are only counted, see the summary (--max-per-indicator)",
    );
    expect(out).toMatch(/^ipv4 +203\.0\.113\.7 +500 /m);
    const all = await detente(["screen", noisy, "--indicators", list, "--json"]);
    expect(all.out.trimEnd().split("\n")).toHaveLength(502);
  });

  it("names file and line of what is no indicator", async () => {
    const bad = await file("bad.txt", "203.0.113.7\n999.1.2.3\n");
    const { err } = await detente(["screen", log, "--indicators", bad]);
    expect(err).toContain(`${bad}:2: `);
  });

  it("cannot post what was not shared", async () => {
    expect(await detente(["screen", log, "--indicators", list, "--post"])).toMatchObject({
      code: 2,
      err: "detente: --post: indicators of files are no shares, so there is nothing to post about — share them first\n",
    });
  });

  it("keeps another party's escape sequences from the terminal", async () => {
    const hostile = await file("hostile.log", "\u001b[2J\u001b]0;x\u0007 see http://evil.example.net/\u001b[31m\n");
    const { code, out } = await detente(["screen", hostile, "--indicators", list], {
      env: { NO_COLOR: "1" },
      isTerminal: true,
    });
    expect(code).toBe(0);
    expect(out).not.toContain("\u001b");
  });
});

describe("screen with a state", () => {
  let state: string;
  const screen = (...flags: readonly string[]): ReturnType<typeof detente> =>
    detente(["screen", log, "--indicators", list, "--state", state, ...flags]);
  const journal = async (): Promise<string[]> => {
    const text = await readFile(join(state, "hits.jsonl"), "utf8").catch(() => "");
    return text.split("\n").slice(0, -1);
  };

  beforeEach(() => {
    state = join(dir, "state");
  });

  it("goes on where the last run ended, and screens again for what is new", async () => {
    expect(await screen()).toMatchObject({ code: 0, out: expect.stringContaining("3 hits in 4 lines") as string });
    expect(await screen()).toMatchObject({ code: 1, out: "" });
    await appendFile(log, "\n203.0.113.7 again\n");
    expect(await screen()).toMatchObject({ code: 0, out: expect.stringContaining(`${log}:5:1  `) as string });
    await appendFile(list, "198.51.100.4\n");
    const { out } = await screen();
    expect(out).toContain(`${log}:1:1  `);
    expect(out).toContain(`${log}:4:1  `);
    expect(await journal()).toHaveLength(6);
  });

  it("follows until it is stopped, and says how to go on", async () => {
    let stop: () => void = () => undefined;
    const stopped = new Promise<void>((resolve) => (stop = resolve));
    const following = detente(["screen", log, "--indicators", list, "--follow", "--json"], {
      stopped,
      env: { XDG_STATE_HOME: dir },
    });
    state = join(dir, "detente/screen");
    // The last line has no end yet, and has no hit.
    await until(journal, (lines) => lines.length === 3);
    await appendFile(log, "\n203.0.113.7 again\n");
    await until(journal, (lines) => lines.length === 4);
    stop();
    const { code, out, err } = await following;
    expect(code).toBe(0);
    expect(out.split("\n").slice(0, 4)).toEqual(await journal());
    expect(JSON.parse(out.trimEnd().split("\n").at(-1) ?? "")).toMatchObject({ summary: { hits: 4 } });
    expect(err).toContain(`detente: stopped; the same command goes on from here (state in ${state})\n`);
  });

  it("refuses a state that another run has, standard input, and --post without an end", async () => {
    await screen();
    const held = await StateDirectory.open(state);
    expect((await screen()).err).toContain(`detente: ${state}: is in use by another process`);
    if (held.ok) await held.value.close();
    expect((await detente(["screen", "-", "--indicators", list, "--state", state])).err).toContain(
      "detente: -: standard input has no place to come back to — leave out --state and --follow\n",
    );
    expect((await detente(["screen", log, "--follow", "--post"])).err).toContain(
      "detente: --post: a run that follows has no end at which to post",
    );
  });
});

describe("on a terminal", () => {
  it("a bar is drawn and removed, and hits are coloured unless NO_COLOR says otherwise", async () => {
    const coloured = await detente(["screen", log, "--indicators", list], { isTerminal: true });
    expect(coloured.err).toMatch(/\r\x1b\[K.*access\.log \[#+\] 100% of .*\r\x1b\[K$/);
    expect(coloured.out).toContain("\u001b[31mipv4 203.0.113.7\u001b[39m");
    expect(coloured.out).toMatch(/^203\.0\.113\.7 +#{30} +2$/m);
    expect(coloured.out).toMatch(/^2026-11-23 10:01:00Z \|.*[#=]+.*\| 2026-11-23 10:0[0-9]:[0-9]{2}Z$/m);
    const unicode = await detente(["screen", log, "--indicators", list], {
      isTerminal: true,
      env: { LANG: "de_DE.UTF-8" },
    });
    expect(unicode.out).toMatch(/^evil\.example\.net +█{15} +1$/m);
    const plain = await detente(["screen", log, "--indicators", list], { isTerminal: true, env: { NO_COLOR: "1" } });
    expect(plain.out).not.toContain("\u001b");
    const piped = await detente(["screen", log, "--indicators", list]);
    expect(piped.out + piped.err).not.toContain("\u001b");
  });
});
