import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Bytes, err, ok, toHex, unwrap, utf8 } from "@detente/basics";
import { AnswerStore } from "@detente/store";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { UnitRuntime } from "../unit-runtime.ts";
import type { PeerClient, PeerRequest } from "../wire/peer-client.ts";
import { Asking } from "./asking.ts";
import type { Copies } from "./copies.ts";
import { SetFiles } from "./set-files.ts";
import { Tabs } from "./tabs.ts";
import { MatchThreads } from "./threads.ts";

const SET = new Uint8Array(32).fill(7);
const QUESTION = { kind: "domain", value: "asked.example" } as const;

let home: string;
let answers: AnswerStore;
let threads: MatchThreads;
let sync: () => void;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "asking-"));
  threads = new MatchThreads();
  sync = () => undefined;
  answers = unwrap(AnswerStore.open(join(home, "answers.sqlite"), () => sync()));
});

afterEach(async () => {
  answers.close();
  await threads.close();
  rmSync(home, { recursive: true });
});

type Answered = Awaited<ReturnType<PeerClient["request"]>>;

/** Asks ann, of whom only what she is sent matters: she answers nothing, unless it is a refusal. */
function askingAnn(
  send: (request: Bytes | undefined) => Answered | void,
  budget = 100,
): { readonly asking: Asking; readonly tabs: Tabs } {
  const client = {
    request: async (_method: string, _path: string, { body }: PeerRequest) => {
      return send(body) ?? err("unreachable", "ann is away");
    },
  };
  const unit = { peers: { list: () => [{ name: "ann", client }] } } as unknown as UnitRuntime;
  const copy = { party: "ann", report: { hash: toHex(SET) }, published: { set: SET }, budget };
  const tabs = new Tabs(answers.tabs, () => 0);
  const files = new SetFiles(home);
  const asking = new Asking({
    unit: () => unit,
    copies: { of: () => copy } as unknown as Copies,
    files,
    evidence: files,
    answers,
    tabs,
    threads,
    seed: () => new Uint8Array(32).fill(1),
    random: (length) => new Uint8Array(length).fill(3),
  });
  return { asking, tabs };
}

it("sends a request once it is on the disk", async () => {
  const seen: unknown[] = [];
  const { asking, tabs } = askingAnn((request) => void seen.push(request));
  sync = () => void seen.push("synced");
  expect(await asking.ask("ann", [QUESTION])).toMatchObject({ ok: false, fault: { code: "unreachable" } });
  expect(seen).toEqual(["synced", (await tabs.get(toHex(SET))).asked?.request]);
  expect(seen[1]).toBeInstanceOf(Uint8Array);
});

it("throws what the disk says, and sends nothing then", async () => {
  const seen: unknown[] = [];
  const { asking } = askingAnn((request) => void seen.push(request));
  sync = () => {
    throw new Error("disk failed");
  };
  await expect(asking.ask("ann", [QUESTION])).rejects.toThrow("disk failed");
  expect(seen).toEqual([]);
});

it("asks in smaller and smaller classes where the pool has not so many left, and says so where it has none", async () => {
  const sizes: number[] = [];
  const { asking, tabs } = askingAnn((request) => {
    // 126 bytes besides the elements of 32 bytes (docs/formats.md, Look-up).
    sizes.push(((request?.length ?? 0) - 126) / 32);
    const problem = { code: "pool-exhausted", detail: "not so many are left" };
    return ok({ status: 403, headers: {}, body: utf8(JSON.stringify(problem)) });
  }, 5000);
  const questions = Array.from({ length: 300 }, (_, i) => ({ kind: "domain", value: `${i}.example` }) as const);
  expect(await asking.ask("ann", questions)).toEqual({
    ok: false,
    fault: { code: "refused", message: "ann refuses: not so many are left" },
  });
  expect(sizes).toEqual([1024, 256, 64, 16, 1]);
  expect((await tabs.get(toHex(SET))).asked).toBeUndefined();
});
