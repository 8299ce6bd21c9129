import {
  appendFile,
  copyFile,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  truncate,
  utimes,
  writeFile,
} from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Desk, lineOf, listOf, upTo } from "../testing/desk.ts";

let desk: Desk;

beforeEach(async () => {
  desk = await Desk.make();
});

afterEach(() => desk.remove());

/** As gzip(1) and logrotate do it: the packed file has the time of the plain one. */
async function pack(name: string, as: string): Promise<void> {
  const { mtimeMs } = await stat(desk.path(name));
  await writeFile(desk.path(as), gzipSync(await readFile(desk.path(name))));
  // gzip keeps the time to the nanosecond, which Node cannot: rounded up, it would be after what was written next.
  const kept = Math.floor(mtimeMs) / 1000;
  await utimes(desk.path(as), kept, kept);
  await rm(desk.path(name));
}

const ids = async (): Promise<Set<string>> => new Set((await desk.journal()).map(({ id }) => id));

describe("runs over logs as they stand", () => {
  it("go on where the last one ended", async () => {
    await desk.write("log", 1, 2);
    await desk.screen(["log"]);
    await desk.screen(["log"]);
    await desk.write("log", 3);
    await desk.screen(["log"]);
    expect(await desk.numbers()).toEqual([1, 2, 3]);
    expect((await desk.journal()).map(({ line }) => line)).toEqual([1, 2, 3]);
    expect((await ids()).size).toBe(3);
    expect(desk.told).toEqual(await desk.journal());
  });

  it("take a last line that has no end, and once only when it goes on", async () => {
    await appendFile(desk.path("log"), `${lineOf(1)}n2.evil.example`);
    await desk.screen(["log"]);
    await desk.screen(["log"]);
    expect(await desk.numbers()).toEqual([1, 2]);
    await appendFile(desk.path("log"), ` n3.evil.example\n${lineOf(4)}`);
    await desk.screen(["log"]);
    expect((await desk.journal()).map(({ line, match }) => `${line} ${match}`)).toEqual([
      "1 n1.evil.example",
      "2 n2.evil.example",
      "2 n3.evil.example",
      "3 n4.evil.example",
    ]);
  });

  it("know a log again that was rotated, packed or copied, and read what they had not", async () => {
    await mkdir(desk.path("logs"));
    await desk.write("logs/a", 1, 2);
    await desk.screen(["logs"]);
    await desk.write("logs/a", 3);
    await rename(desk.path("logs/a"), desk.path("logs/a.1"));
    await pack("logs/a.1", "logs/a.2.gz");
    await desk.write("logs/a", 4);
    await desk.screen(["logs"]);
    await desk.screen(["logs"]);
    expect(await desk.numbers()).toEqual([1, 2, 4, 3]);
  });

  it("screen packed logs whatever their names, and report what is cut each time", async () => {
    const packed = gzipSync(upTo(2000).map(lineOf).join(""));
    await writeFile(desk.path("whole"), packed);
    desk.segmentBytes = 5000;
    await writeFile(desk.path("cut.gz"), packed.subarray(0, packed.length - 100));
    await desk.screen(["whole"]);
    expect(await desk.numbers()).toEqual(upTo(2000));
    await desk.screen(["cut.gz"]);
    await desk.screen(["cut.gz"]);
    const rest = (await desk.numbers()).slice(2000);
    expect(rest).toEqual(upTo(rest.length));
    expect(desk.faults.map(({ code }) => code)).toEqual(["damaged", "damaged"]);
  });

  it("begin anew with a log that was overwritten, also where it begins as before", async () => {
    const header = "the same first line\n";
    await writeFile(desk.path("log"), `${header}${lineOf(1)}${lineOf(2)}`);
    await desk.screen(["log"]);
    await writeFile(desk.path("log"), `${header}${lineOf(3)}${lineOf(4)}${lineOf(5)}${lineOf(1)}`);
    await desk.screen(["log"]);
    expect(await desk.numbers()).toEqual([1, 2, 3, 4, 5, 1]);
    expect((await ids()).size).toBe(6);
  });

  it("leave the state itself out of a directory that holds it", async () => {
    await desk.write("log", 1);
    await desk.screen([""]);
    await desk.screen([""]);
    expect(await desk.numbers()).toEqual([1]);
  });

  it("read each log once that has several names", async () => {
    await desk.write("log", 1);
    await symlink("log", desk.path("link"));
    await desk.screen(["link", "log", "l*"]);
    expect(await desk.numbers()).toEqual([1]);
  });

  it("read Zeek logs by their header, wherever they go on", async () => {
    const header = "#separator \\x09\n#set_separator\t,\n#fields\tts\tquery\tuid\n#types\ttime\tstring\tstring\n";
    const other = header.replace("query\tuid", "uid\tquery");
    await writeFile(desk.path("dns.log"), `${header}1795600000.0\tevil.example\tCx\n${other}`);
    await desk.screen(["dns.log"]);
    await appendFile(desk.path("dns.log"), "1795600001.0\tCy\twww.evil.example\n");
    await desk.screen(["dns.log"]);
    expect((await desk.journal()).map(({ line, field, time }) => ({ line, field, time }))).toEqual([
      { line: 5, field: "query", time: 1_795_600_000_000 },
      { line: 10, field: "query", time: 1_795_600_001_000 },
    ]);
  });

  it("read CSV by its header, in whichever part a record stands", async () => {
    const records = upTo(100).map((n) => `2026-11-25T10:00:00Z,192.0.2.1,n${n}.evil.example\n`);
    await writeFile(desk.path("dns.csv"), `time,client,query\n${records.join("")}`);
    desk.segmentBytes = 1000;
    await desk.screen(["dns.csv"]);
    const journal = await desk.journal();
    expect(journal.map(({ line, field }) => `${line} ${field}`)).toEqual(upTo(101, 2).map((line) => `${line} query`));
  });

  it("are no mail, which is screened whole: that is said", async () => {
    await writeFile(desk.path("a.eml"), "From: a@b.example\r\nTo: c@d.example\r\nSubject: x\r\n\r\nevil.example\r\n");
    await desk.screen(["a.eml"]);
    expect(desk.faults.map(({ message }) => message)).toEqual([
      `${desk.path("a.eml")}: is mail, which is screened whole — leave out --state and --follow`,
    ]);
    expect(await desk.journal()).toEqual([]);
  });
});

describe("a longer list", () => {
  const lines = (count: number): string =>
    upTo(count)
      .map((n) => `${n} a.example b.example c.example\n`)
      .join("");
  const found = async (value: string): Promise<number[]> =>
    (await desk.journal()).filter(({ match }) => match === value).map(({ line }) => line);

  it.each([
    ["plain", (text: string): string | Uint8Array => text],
    ["packed", (text: string): string | Uint8Array => gzipSync(text)],
  ])("is looked for in what was screened before, each new indicator once (%s)", async (_, form) => {
    await writeFile(desk.path("log"), form(lines(40)));
    desk.list = listOf("a.example");
    await desk.screen(["log"]);
    desk.list = listOf("a.example", "b.example");
    await desk.screen(["log"]);
    await desk.screen(["log"]);
    desk.list = listOf("c.example", "b.example");
    await desk.screen(["log"]);
    expect(await found("a.example")).toEqual(upTo(40));
    expect(await found("b.example")).toEqual(upTo(40));
    expect(await found("c.example")).toEqual(upTo(40));
    expect((await ids()).size).toBe(120);
    // Keys of lists that nothing was screened for any more are gone.
    expect(await readdir(desk.path("state/lists"))).toHaveLength(1);
  });

  it("changes in the middle of a log, and in the middle of going back", async () => {
    await writeFile(desk.path("log"), lines(40));
    desk.list = listOf("a.example");
    // Twice while the log is read (lines 1 to 6, then to 18), once while what was read before is gone through again.
    const lists = new Map([
      [6, listOf("a.example", "b.example")],
      [30, listOf("b.example", "c.example")],
      [80, listOf("b.example", "c.example", "d.example")],
    ]);
    desk.onHits = async () => {
      const count = (await desk.journal()).length;
      for (const [from, list] of lists) if (count >= from) desk.list = list;
    };
    await desk.screen(["log"]);
    const old = await found("a.example");
    expect(old).toEqual(upTo(old.length));
    expect(old).toHaveLength(18);
    expect((await found("b.example")).sort((a, b) => a - b)).toEqual(upTo(40));
    expect((await found("c.example")).sort((a, b) => a - b)).toEqual(upTo(40));
    expect(new Set((await desk.journal()).map(({ id }) => id)).size).toBe(98);
  });

  it("is looked for in a last line without an end, too", async () => {
    await writeFile(desk.path("log"), "a.example\nb.example a.example");
    desk.list = listOf("a.example");
    await desk.screen(["log"]);
    desk.list = listOf("a.example", "b.example");
    await desk.screen(["log"]);
    expect([await found("a.example"), await found("b.example")]).toEqual([[1, 2], [2]]);
  });

  it("is told where a log is gone that cannot be screened for it", async () => {
    await writeFile(desk.path("log"), lines(3));
    desk.list = listOf("a.example");
    await desk.screen(["log"]);
    await rm(desk.path("log"));
    await writeFile(desk.path("other"), `another log\n${lines(3)}`);
    desk.list = listOf("a.example", "b.example");
    await desk.screen(["other"]);
    await desk.screen(["other"]);
    expect(desk.faults.map(({ code }) => code)).toEqual(["gone"]);
    expect(await found("b.example")).toEqual(upTo(4, 2));
  });
});

describe("following", () => {
  it("reads whole lines as they come, and goes on after a restart", async () => {
    await desk.write("log", 1);
    await desk.follow(
      ["log"],
      async () => {
        await desk.until(1);
        await appendFile(desk.path("log"), lineOf(2).slice(0, 40));
        await sleep(100);
        expect(await desk.numbers()).toEqual([1]);
        await appendFile(desk.path("log"), lineOf(2).slice(40));
      },
      2,
    );
    await desk.write("log", 3);
    await desk.follow(["log"], async () => desk.write("log", 4), 4);
    expect(await desk.numbers()).toEqual([1, 2, 3, 4]);
  });

  it("finishes a log that was rotated before it reads the next, also several and packed ones between two looks", async () => {
    await desk.write("log", 1);
    await desk.follow(["log"], async () => undefined, 1);
    await desk.write("log", 2);
    await rename(desk.path("log"), desk.path("log.1"));
    await desk.write("log", 3, 4);
    await pack("log.1", "log.2.gz");
    await rename(desk.path("log"), desk.path("log.1"));
    await desk.write("log", 5);
    await desk.follow(["log"], async () => undefined, 5);
    expect(await desk.numbers()).toEqual([1, 2, 3, 4, 5]);
  });

  it("does not read what had been rotated before it began", async () => {
    await desk.write("log.1", 99);
    await utimes(desk.path("log.1"), 1_000_000, 1_000_000);
    await desk.write("log", 1);
    await desk.follow(["log"], async () => undefined, 1);
    await desk.write("log", 2);
    await rename(desk.path("log.1"), desk.path("log.2"));
    await rename(desk.path("log"), desk.path("log.1"));
    await desk.write("log", 3);
    await desk.follow(["log"], async () => undefined, 3);
    expect(await desk.numbers()).toEqual([1, 2, 3]);
  });

  it("reads a log to its end that was removed, and one that nobody but it still has open", async () => {
    await desk.write("log", 1);
    await desk.follow(
      ["log"],
      async () => {
        await desk.until(1);
        await rename(desk.path("log"), desk.path("elsewhere"));
        await sleep(100);
        await desk.write("elsewhere", 2);
        await desk.until(2);
        await rm(desk.path("elsewhere"));
        await desk.write("log", 3);
      },
      3,
    );
    expect(await desk.numbers()).toEqual([1, 2, 3]);
  });

  it("reads through copytruncate, with the copy for what was written in between", async () => {
    await desk.write("log", 1, 2);
    await desk.follow(["log"], async () => undefined, 2);
    await desk.write("log", 3);
    await copyFile(desk.path("log"), desk.path("log.1"));
    await truncate(desk.path("log"), 0);
    await desk.write("log", 4, 5, 6, 7);
    await desk.follow(["log"], async () => desk.write("log", 8), 8);
    expect(await desk.numbers()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect((await ids()).size).toBe(8);
  });

  it("waits with a copy until what it is a copy of was cut or removed", async () => {
    await desk.write("log", 1, 2);
    await desk.follow(
      ["log"],
      async () => {
        await desk.until(2);
        await copyFile(desk.path("log"), desk.path("log.1"));
        await sleep(100);
        await truncate(desk.path("log"), 0);
        await desk.write("log", 3, 4, 5);
        await desk.until(5);
        await writeFile(desk.path("log.1.gz"), gzipSync(await readFile(desk.path("log.1"))));
        await sleep(100);
        await rm(desk.path("log.1"));
        await desk.write("log", 6);
      },
      6,
    );
    expect(await desk.numbers()).toEqual(upTo(6));
  });

  it("takes logs that appear later, under names, patterns and in directories", async () => {
    await mkdir(desk.path("dir/sub"), { recursive: true });
    await desk.follow(
      ["log", "p-*.log", "dir"],
      async () => {
        await desk.write("log", 1);
        await desk.until(1);
        await desk.write("p-1.log", 2);
        await desk.until(2);
        await desk.write("dir/sub/x", 3);
      },
      3,
    );
    expect(await desk.numbers()).toEqual([1, 2, 3]);
  });

  it("uses a new list from the next lines on, and for all that was read before", async () => {
    await writeFile(desk.path("log"), "one evil.example\ntwo other.example\n");
    await desk.follow(
      ["log"],
      async () => {
        await desk.until(1);
        desk.list = listOf("other.example");
        await appendFile(desk.path("log"), "three evil.example\nfour other.example\n");
      },
      3,
    );
    const found = (await desk.journal()).map(({ line, match }) => `${line} ${match}`);
    expect(found.sort()).toEqual(["1 evil.example", "2 other.example", "4 other.example"]);
  });
});
