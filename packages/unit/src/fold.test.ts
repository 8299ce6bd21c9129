import { toBase64 } from "@detente/basics";
import { draftHeads } from "@detente/record";
import { describe, expect, test } from "vitest";
import { type Actor, deliver, Scene } from "../test/scene.ts";

const SHARE = {
  type: "open",
  kind: "share",
  content: {
    title: "Phishing against polling stations",
    tlp: "amber",
    collection: { root: "ab".repeat(32), count: 3 },
    items: { digest: "cd".repeat(32), size: 100 },
    kinds: { domain: 3 },
  },
} as const;

function unitOf(...names: string[]): { scene: Scene; actors: Actor[] } {
  const scene = new Scene(...names);
  scene.found();
  return { scene, actors: scene.actors };
}

describe("taking effect", () => {
  test("the founding charter is in force once every founder has accepted it", () => {
    const scene = new Scene("ann", "bob", "cem");
    const [ann, bob, cem] = scene.actors as [Actor, Actor, Actor];
    const opened = scene.say(ann, { type: "open", kind: "charter", content: { charter: scene.charter } });
    scene.accept(ann, opened, scene.charter);
    scene.accept(bob, opened, scene.charter);
    scene.settle();
    expect(scene.fold().charter().chain).toEqual([]);
    expect(scene.fold().charter().founding).toMatchObject({ lacking: [cem.origin], statements: [opened.hash] });

    scene.accept(cem, opened, scene.charter);
    scene.settle();
    expect(scene.fold().charter().current).toMatchObject({ digest: scene.unit, lacking: [] });
    expect(
      scene
        .fold()
        .members()
        .map(({ name }) => name),
    ).toEqual(["ann", "bob", "cem"]);
  });

  test("a statement takes effect when a quorum of the others has observed it, and only then", () => {
    const { scene, actors } = unitOf("ann", "bob", "cem");
    const [ann, bob, cem] = actors as [Actor, Actor, Actor];
    const share = scene.say(ann, SHARE);
    expect(scene.fold().status(ann.origin, share.index)).toEqual({ state: "pending" });
    scene.observe(bob, ann);
    scene.observe(bob, ann);
    expect(scene.fold().status(ann.origin, share.index)).toEqual({ state: "pending" });
    expect(scene.fold().effectiveAt(ann.origin, share.index)).toBeUndefined();
    scene.observe(cem, ann);
    expect(scene.fold().status(ann.origin, share.index)).toEqual({ state: "effective", interpreted: true });
    expect(scene.fold().thing(share.hash)).toBeDefined();
  });

  test("an observation of a size that is not here yet waits, and settles when the log gets there", () => {
    const { scene, actors } = unitOf("ann", "bob");
    const [ann, bob] = actors as [Actor, Actor];
    const share = scene.say(ann, SHARE);
    scene.observe(bob, ann);
    const late = scene.deliveries().filter((delivery) => !("entry" in delivery && delivery.entry === share));
    const fold = scene.fold(late);
    expect(fold.status(ann.origin, share.index)).toBeUndefined();
    deliver(fold, { entry: share });
    expect(fold.status(ann.origin, share.index)).toMatchObject({ state: "effective" });
  });

  test("an observation of another root never counts and is listed", () => {
    const { scene, actors } = unitOf("ann", "bob");
    const [ann, bob] = actors as [Actor, Actor];
    const share = scene.say(ann, SHARE);
    const elsewhere = new Scene("ann", "bob").actors[0]!;
    for (let i = 0; i < ann.tree.size; i++) elsewhere.tree.append(new Uint8Array(32).fill(i));
    scene.observe(bob, elsewhere);
    const fold = scene.fold();
    expect(fold.status(ann.origin, share.index)).toEqual({ state: "pending" });
    expect(fold.conflicts()).toMatchObject([{ observer: bob.origin, log: ann.origin, size: ann.tree.size }]);
  });

  test("the body of a covered statement is missing: it waits, says so, and holds up what follows it in its log", () => {
    const { scene, actors } = unitOf("ann", "bob");
    const [ann, bob] = actors as [Actor, Actor];
    const share = scene.say(ann, SHARE);
    const question = scene.say(ann, { type: "open", kind: "question", content: { title: "Who?", text: "" } });
    scene.observe(bob, ann);
    const fold = scene.fold(
      scene.deliveries().filter((delivery) => !("body" in delivery && delivery.body === share.body)),
    );
    expect(fold.status(ann.origin, share.index)).toEqual({ state: "waiting", for: "body" });
    expect(fold.status(ann.origin, question.index)).toMatchObject({ state: "waiting" });
    expect(fold.missingBodies(ann.origin, share.index)).toEqual([]);
    expect(fold.missingBodies(ann.origin, ann.tree.size)).toMatchObject([
      { index: share.index, size: share.body!.length },
    ]);
    fold.addBody(share.body!);
    expect(fold.missingBodies(ann.origin, ann.tree.size)).toEqual([]);
    expect(fold.status(ann.origin, question.index)).toMatchObject({ state: "effective" });
    expect(fold.viewDigest()).toEqual(scene.fold().viewDigest());
  });

  test("what a log says of a statement is pending until it is judged, and then no more", () => {
    const { scene, actors } = unitOf("ann", "bob");
    const [ann, bob] = actors as [Actor, Actor];
    const share = scene.say(ann, SHARE);
    const other = scene.say(ann, SHARE);
    scene.observe(bob, ann);
    const withdrawal = scene.say(ann, { type: "position", kind: "withdraw", of: [share.hash], content: {} });
    scene.say(ann, { type: "position", kind: "withdraw", of: [other.hash], content: {} });
    scene.say(bob, { type: "position", kind: "accept", of: [share.hash], content: {} });
    const pending = scene.fold().pending(ann.origin, share.hash);
    expect(pending).toMatchObject([{ log: ann.origin, hash: withdrawal.hash, status: { state: "pending" } }]);
    scene.observe(bob, ann);
    expect(scene.fold().pending(ann.origin, share.hash)).toEqual([]);
    expect(scene.fold().pending(ann.origin, "00".repeat(32))).toEqual([]);
    expect(scene.fold().pending("nobody.example/log", share.hash)).toEqual([]);
  });

  test("what a party observes of its own log does not count", () => {
    const { scene, actors } = unitOf("ann", "bob");
    const [ann] = actors as [Actor, Actor];
    const share = scene.say(ann, SHARE);
    const heads = [{ log: ann.origin, size: ann.tree.size, root: toBase64(ann.tree.root()) }];
    scene.write(ann, draftHeads({ unit: scene.unit, at: 0, heads }));
    expect(scene.fold().status(ann.origin, share.index)).toEqual({ state: "pending" });
    expect(scene.fold().effectiveAt(ann.origin, share.index)).toBeUndefined();
  });

  test("a head that adds nothing but observations is not worth observing", () => {
    const { scene, actors } = unitOf("ann", "bob");
    const [ann, bob] = actors as [Actor, Actor];
    const before = ann.tree.size;
    scene.observe(ann, bob);
    expect(scene.fold().observable(ann.origin, before, ann.tree.size)).toBe(false);
    scene.say(ann, SHARE);
    expect(scene.fold().observable(ann.origin, before, ann.tree.size)).toBe(true);
    expect(scene.fold().observable(ann.origin, before, ann.tree.size + 1)).toBe(false);
  });

  test("the time of effect is the quorum-th smallest of the observers' first covering claims", () => {
    const { scene, actors } = unitOf("ann", "bob", "cem", "dov");
    const [ann, bob, cem, dov] = actors as [Actor, Actor, Actor, Actor];
    const share = scene.say(ann, SHARE);
    const claims = [bob, cem, dov].map((actor) => scene.observe(actor, ann));
    scene.observe(bob, ann);
    const times = claims.map(({ leaf }) => JSON.parse(new TextDecoder().decode(leaf)).at as number);
    expect(scene.charter.quorum).toBe(2);
    expect(scene.fold().effectiveAt(ann.origin, share.index)).toBe(times[1]);
  });
});

describe("what the parties say", () => {
  test("a share, a sighting with coverage, a false positive, and the withdrawal by its author", () => {
    const { scene, actors } = unitOf("ann", "bob", "cem");
    const [ann, bob, cem] = actors as [Actor, Actor, Actor];
    const share = scene.say(ann, SHARE);
    const coverage = (from: number, to: number) => ({ from, to, source: "dns" });
    const sighting = (from: number, to: number, count: number) =>
      scene.say(bob, {
        type: "observe",
        kind: "sighting",
        of: [share.hash],
        content: { item: { index: 0 }, count, first: from, last: to, coverage: coverage(from, to) },
      });
    sighting(100, 200, 2);
    sighting(150, 300, 3);
    scene.say(bob, {
      type: "observe",
      kind: "check",
      of: [share.hash],
      content: { check: "blocked", outcome: "no-access", coverage: coverage(300, 350) },
    });
    scene.say(cem, {
      type: "observe",
      kind: "false-positive",
      of: [share.hash],
      content: { item: { index: 2 }, reason: "our own mail server" },
    });
    scene.say(cem, { type: "position", kind: "withdraw", of: [share.hash], content: {} });
    scene.settle();
    const before = scene.fold().thing(share.hash);
    expect(before?.isWithdrawn).toBe(false);
    expect(before?.voices).toMatchObject([
      { name: "bob", sightings: { statements: 2, count: 5, first: 100, last: 300 }, observed: 200, withoutAccess: 50 },
      { name: "cem", falsePositives: 1, positions: [{ kind: "withdraw" }] },
    ]);

    scene.say(ann, { type: "position", kind: "withdraw", of: [share.hash], content: {} });
    scene.settle();
    expect(scene.fold().thing(share.hash)?.isWithdrawn).toBe(true);
  });

  test("counts of sightings stay where they would no longer add up exactly", () => {
    const { scene, actors } = unitOf("ann", "bob");
    const [ann, bob] = actors as [Actor, Actor];
    const share = scene.say(ann, SHARE);
    for (const count of [1, 2 ** 53 - 1, 1, 2 ** 53 - 1]) {
      const coverage = { from: 0, to: 1, source: "dns" };
      const content = { item: { index: 0 }, count, first: 0, last: 0, coverage };
      scene.say(bob, { type: "observe", kind: "sighting", of: [share.hash], content });
    }
    scene.settle();
    expect(scene.fold().thing(share.hash)?.voices[0]?.sightings?.count).toBe(2 ** 53 - 1);
  });

  test("the last position of a party counts, clause by clause", () => {
    const { scene, actors } = unitOf("ann", "bob");
    const [ann, bob] = actors as [Actor, Actor];
    const accord = scene.say(ann, { type: "open", kind: "accord", content: { title: "No hospitals", text: "1. …" } });
    const say = (kind: "accept" | "deny", content: { clause?: string }) =>
      scene.say(bob, { type: "position", kind, of: [accord.hash], content });
    say("deny", {});
    say("deny", { clause: "1" });
    const last = say("accept", {});
    scene.settle();
    expect(scene.fold().thing(accord.hash)?.voices).toMatchObject([
      {
        name: "bob",
        positions: [
          { clause: undefined, kind: "accept", index: last.index },
          { clause: "1", kind: "deny" },
        ],
      },
    ]);
  });

  test("what others report stays hearsay, and its owner can contradict it", () => {
    const { scene, actors } = unitOf("ann", "bob", "cem");
    const [ann, bob, cem] = actors as [Actor, Actor, Actor];
    const accord = scene.say(ann, { type: "open", kind: "accord", content: { title: "No hospitals", text: "1. …" } });
    const report = (actor: Actor, party: string, said: string) =>
      scene.say(actor, { type: "account", kind: "report", of: [accord.hash], content: { party, said } });
    report(ann, "bob", "accept");
    report(ann, "cem", "accept");
    const own = report(bob, "bob", "accept");
    scene.settle();
    const reported = scene.fold().thing(accord.hash)?.voices;
    expect(reported).toMatchObject([{ name: "ann", positions: [], accounts: [{ party: "bob" }, { party: "cem" }] }]);
    expect(reported?.[0]?.accounts.map(({ contradicted }) => contradicted)).toEqual([false, false]);
    expect(scene.fold().status(bob.origin, own.index)).toEqual({ state: "void", reason: "about-oneself" });

    scene.say(bob, { type: "position", kind: "deny", of: [accord.hash], content: {} });
    scene.say(cem, { type: "position", kind: "accept", of: [accord.hash], content: {} });
    scene.settle();
    const voices = scene.fold().thing(accord.hash)?.voices;
    expect(voices?.[0]?.accounts.map(({ contradicted }) => contradicted)).toEqual([true, false]);
    expect(voices?.[1]).toMatchObject({ name: "bob", positions: [{ kind: "deny" }] });
  });

  test("exhibits, weights and kinds that are not known here are kept", () => {
    const { scene, actors } = unitOf("ann", "bob");
    const [ann, bob] = actors as [Actor, Actor];
    const question = scene.say(ann, { type: "open", kind: "question", content: { title: "Who?", text: "" } });
    const file = { digest: "ef".repeat(32), size: 10, origin: "disk image", via: "courier", obtained: 5, precision: 1 };
    const exhibit = scene.say(bob, { type: "exhibit", kind: "file", of: [question.hash], content: file });
    scene.say(bob, { type: "weigh", kind: "probability", of: [question.hash], content: { permille: 900 } });
    scene.say(bob, { type: "weigh", kind: "probability", of: [question.hash], content: { permille: 300 } });
    const strange = scene.say(bob, { type: "observe", kind: "eclipse", of: [question.hash], content: { of: "sun" } });
    scene.settle();
    const fold = scene.fold();
    expect(fold.thing(question.hash)?.voices).toMatchObject([
      {
        permille: 300,
        exhibits: [{ hash: exhibit.hash, body: { content: file } }],
        observations: [{ hash: strange.hash }],
      },
    ]);
    expect(fold.status(bob.origin, strange.index)).toEqual({ state: "effective", interpreted: false });
  });
});
