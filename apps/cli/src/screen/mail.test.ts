import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { detente } from "../testing/console.ts";

const MAILBOX = [
  "From x@evil.example.net Fri May  1 12:00:00 2026",
  'From: "office@campaign.example" <x@evil.example.net>',
  "Subject: your account",
  "Content-Type: text/html",
  "",
  '<a href="http://campaign.example.evil.example.net/">https://campaign.example/login</a>',
  "",
].join("\n");

let dir: string;
let list: string;
let mailbox: string;

async function file(name: string, content: string): Promise<string> {
  const path = join(dir, name);
  await writeFile(path, content);
  return path;
}

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "detente-cli-"));
  list = await file("list.txt", "x@evil.example.net\n");
  mailbox = await file("reported", MAILBOX);
});

afterEach(() => rm(dir, { recursive: true, force: true }));

describe("screen of mail", () => {
  it("prints hits as of any log, and what is suspicious about each message", async () => {
    const { code, out } = await detente(["screen", mailbox, "--indicators", list, "--protect", "campaign.example"]);
    expect(code).toBe(0);
    expect(out.split("\n").slice(0, 5)).toEqual([
      `${mailbox}:1:6  2026-05-01 12:00:00Z  text  email x@evil.example.net (embedded)  from a file`,
      `${mailbox}:2:34  2026-05-01 12:00:00Z  from  email x@evil.example.net (embedded)  from a file`,
      `${mailbox}:2  high  from  x@evil.example.net is shown as office@campaign.example  (message at line 1)`,
      `${mailbox}:6  high  part.1  http://campaign.example.evil.example.net/ has the whole name in it of campaign.example  (message at line 1)`,
      `${mailbox}:6  high  part.1  http://campaign.example.evil.example.net/ is shown as campaign.example  (message at line 1)`,
    ]);
    expect(out).toContain("2 hits in 6 lines (mbox, ");
  });

  it("takes the protected domains from files too, and ends with 0 for findings without hits", async () => {
    const guarded = await file("guarded.txt", "# ours\ncampaign.example\n\nOffice.example # theirs\n");
    const none = await file("none.txt", "198.51.100.9\n");
    const { code, out } = await detente(["screen", mailbox, "--indicators", none, "--protect", guarded, "--json"]);
    const lines = out.trimEnd().split("\n");
    expect(code).toBe(0);
    expect(JSON.parse(lines[1] ?? "")).toEqual({
      file: mailbox,
      finding: {
        reason: "look-alike",
        severity: "high",
        message: 1,
        line: 6,
        field: "part.1",
        subject: "http://campaign.example.evil.example.net/",
        against: "campaign.example",
        how: "embedded",
      },
    });
    expect(JSON.parse(lines[3] ?? "")).toMatchObject({ summary: { hits: 0, findings: 3 } });
  });

  it("says what is no domain to protect", async () => {
    const bad = await file("bad.txt", "campaign.example\nno domain\n");
    expect(await detente(["screen", mailbox, "--indicators", list, "--protect", bad])).toMatchObject({
      code: 2,
      err: expect.stringContaining(`detente: ${bad}:2: `) as string,
    });
    expect(await detente(["screen", mailbox, "--indicators", list, "--protect", "com"])).toMatchObject({
      code: 2,
      err: expect.stringContaining("detente: --protect: ") as string,
    });
  });
});
