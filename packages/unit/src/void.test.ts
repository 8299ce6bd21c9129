import { sealCommitment } from "@detente/record";
import { consistencyProof } from "@detente/tlog";
import { utf8, toBase64 } from "@detente/basics";
import { describe, expect, test } from "vitest";
import { type Actor, deliver, type Delivery, Scene, type Written } from "../test/scene.ts";

function unitOf(...names: string[]): { scene: Scene; founding: Written; actors: Actor[] } {
  const scene = new Scene(...names);
  const founding = scene.found();
  return { scene, founding, actors: [...scene.actors] };
}

const QUESTION = { type: "open", kind: "question", content: { title: "Who?", text: "" } } as const;
const DENY = { type: "position", kind: "deny", content: {} } as const;

describe("what has no effect", () => {
  test("foreign bytes, other units' leaves, repeated leaves and malformed bodies are void and stop nothing", () => {
    const { scene, actors } = unitOf("ann", "bob");
    const [ann] = actors as [Actor, Actor];
    const garbage = scene.write(ann, utf8("\u0000not a leaf"));
    const other = new Scene("eve", "ann");
    const elsewhere = other.say(other.actors[0]!, QUESTION);
    const copied = scene.write(ann, elsewhere.leaf, elsewhere.body);
    const broken = scene.write(ann, brokenLeaf(scene), utf8('{"audience":"unit"}'));
    const once = scene.say(ann, QUESTION);
    const twice = scene.write(ann, once.leaf, once.body);
    scene.settle();
    const fold = scene.fold();
    const reasonOf = ({ index }: Written) => fold.status(ann.origin, index);
    expect(reasonOf(garbage)).toEqual({ state: "void", reason: "malformed-leaf" });
    expect(reasonOf(copied)).toEqual({ state: "void", reason: "other-unit" });
    expect(reasonOf(broken)).toEqual({ state: "void", reason: "malformed-body" });
    expect(reasonOf(twice)).toEqual({ state: "void", reason: "duplicate" });
    expect(reasonOf(once)).toMatchObject({ state: "effective" });
  });

  test("a statement that must be about something, and is about nothing or the wrong thing", () => {
    const { scene, founding, actors } = unitOf("ann", "bob");
    const [ann] = actors as [Actor, Actor];
    const coverage = { from: 0, to: 1, source: "dns" };
    const sighting = (of: Written, index: number) =>
      scene.say(ann, {
        type: "observe",
        kind: "sighting",
        of: [of.hash],
        content: { item: { index }, count: 1, first: 0, last: 0, coverage },
      });
    const share = scene.say(ann, {
      type: "open",
      kind: "share",
      content: {
        title: "One",
        tlp: "red",
        collection: { root: "ab".repeat(32), count: 1 },
        items: { digest: "cd".repeat(32), size: 1 },
        kinds: { domain: 1 },
      },
    });
    const objects = scene.say(ann, {
      type: "open",
      kind: "objects",
      of: [],
      content: {
        title: "t",
        tlp: "red",
        collection: { root: "ab".repeat(32), count: 2 },
        items: { digest: "ef".repeat(32), size: 9 },
      },
    });
    const nothing = scene.say(ann, DENY);
    const wrong = sighting(founding, 0);
    const beyond = sighting(share, 1);
    const ofObject = sighting(objects, 1);
    const beyondObjects = sighting(objects, 2);
    scene.settle();
    const fold = scene.fold();
    expect(fold.status(ann.origin, nothing.index)).toEqual({ state: "void", reason: "no-subject" });
    expect(fold.status(ann.origin, wrong.index)).toEqual({ state: "void", reason: "wrong-subject" });
    expect(fold.status(ann.origin, beyond.index)).toEqual({ state: "void", reason: "no-such-item" });
    expect(fold.status(ann.origin, ofObject.index)).toMatchObject({ state: "effective" });
    expect(fold.status(ann.origin, beyondObjects.index)).toEqual({ state: "void", reason: "no-such-item" });
  });

  test("a reference to what is not there waits, and resolves when it comes", () => {
    const { scene, actors } = unitOf("ann", "bob");
    const [ann, bob] = actors as [Actor, Actor];
    const ahead = scene.say(ann, QUESTION);
    const denial = scene.say(bob, { ...DENY, of: [ahead.hash] });
    scene.observe(ann, bob);
    const waiting = { state: "waiting", for: "references", references: [ahead.hash] };
    expect(scene.fold().status(bob.origin, denial.index)).toEqual(waiting);
    scene.observe(bob, ann);
    expect(scene.fold().status(bob.origin, denial.index)).toMatchObject({ state: "effective" });
    expect(scene.fold().thing(ahead.hash)?.voices).toMatchObject([{ name: "bob", positions: [{ kind: "deny" }] }]);
  });

  test("a leaf copied into another log counts in its author's alone, even where the copy takes effect first", () => {
    const { scene, actors } = unitOf("ann", "bob", "cem");
    const [ann, bob, cem] = actors as [Actor, Actor, Actor];
    const withdraw = { type: "position", kind: "withdraw", content: {} } as const;
    const question = scene.say(bob, QUESTION);
    const copy = scene.write(ann, question.leaf, question.body);
    scene.say(ann, { ...withdraw, of: [question.hash] });
    scene.observe(bob, ann);
    scene.observe(cem, ann);
    expect(scene.fold().status(ann.origin, copy.index)).toEqual({ state: "void", reason: "copied" });
    expect(scene.fold().thing(question.hash)).toBeUndefined();
    scene.settle();
    expect(scene.fold().thing(question.hash)).toMatchObject({ statement: { log: bob.origin }, isWithdrawn: false });
    scene.say(bob, { ...withdraw, of: [question.hash] });
    scene.settle();
    expect(scene.fold().thing(question.hash)).toMatchObject({ statement: { log: bob.origin }, isWithdrawn: true });
  });

  test("a copy of a proposal holds up an acceptance as long as the proposal itself does, in any order", () => {
    const scene = new Scene("ann", "bob", "cem");
    const [ann, bob, cem] = scene.actors as [Actor, Actor, Actor];
    const opened = scene.say(ann, { type: "open", kind: "charter", content: { charter: scene.charter } });
    scene.write(bob, opened.leaf, opened.body);
    for (const actor of scene.actors) scene.accept(actor, opened, scene.charter);
    scene.observe(ann, bob, cem);
    scene.observe(cem, bob);
    scene.observe(bob, cem);
    expect(scene.fold().charter().founding.accepted).toEqual([]);
    scene.settle();
    const logs = scene.actors.map(({ origin }) => scene.deliveries().filter((delivery) => isOf(delivery, origin)));
    for (const order of [logs, logs.toReversed()]) {
      expect(scene.fold([...order.flat(), ...scene.deliveries()]).charter().founding.lacking).toEqual([]);
    }
  });
});

describe("sealed statements", () => {
  test("they show in their audience's view alone, and the unit's digest does not depend on holding them", () => {
    const { scene, actors } = unitOf("ann", "bob", "cem");
    const [ann, bob] = actors as [Actor, Actor, Actor];
    const secret = scene.say(ann, { ...QUESTION, audience: ["ann", "bob"] });
    const reply = scene.say(bob, { ...DENY, of: [secret.hash], audience: ["ann", "bob"] });
    scene.settle();
    const outsider = scene.fold(
      scene
        .deliveries()
        .filter((delivery) => !("body" in delivery && [secret.body, reply.body].includes(delivery.body))),
    );
    const insider = scene.fold();
    expect(insider.views()).toEqual(['["ann","bob"]', "unit"]);
    expect(insider.things('["ann","bob"]')).toMatchObject([{ hash: secret.hash, voices: [{ name: "bob" }] }]);
    expect(insider.thing(secret.hash)).toBeUndefined();
    expect(outsider.status(ann.origin, secret.index)).toEqual({ state: "sealed" });
    expect(outsider.missingBodies(ann.origin, ann.tree.size)).toEqual([]);
    expect(outsider.missingSealedBodies(ann.origin, ann.tree.size)).toMatchObject([{ index: secret.index }]);
    expect(outsider.viewDigest()).toEqual(insider.viewDigest());
    expect(outsider.viewDigest('["ann","bob"]').digest).not.toBe(insider.viewDigest('["ann","bob"]').digest);
  });

  test("a statement cannot refer to what its own audience cannot see", () => {
    const { scene, actors } = unitOf("ann", "bob", "cem");
    const [ann, bob] = actors as [Actor, Actor, Actor];
    const secret = scene.say(ann, { ...QUESTION, audience: ["ann", "bob"] });
    const loud = scene.say(bob, { ...DENY, of: [secret.hash] });
    const astray = scene.say(bob, { ...DENY, of: [secret.hash], audience: ["bob", "cem"] });
    const foreign = scene.say(bob, { ...QUESTION, audience: ["ann", "cem"] });
    scene.settle();
    const fold = scene.fold();
    expect(fold.status(bob.origin, loud.index)).toEqual({ state: "void", reason: "outside-view" });
    expect(fold.status(bob.origin, astray.index)).toEqual({ state: "void", reason: "outside-view" });
    expect(fold.status(bob.origin, foreign.index)).toEqual({ state: "void", reason: "author-outside-audience" });
  });

  test("what is out of sight is so whatever else is still missing, in any order", () => {
    const { scene, actors } = unitOf("ann", "bob");
    const [ann, bob] = actors as [Actor, Actor];
    const outsider = scene.join("outsider");
    const secret = scene.say(outsider, { ...QUESTION, audience: ["outsider"] });
    const unseen = new Scene("eve", "ann").found();
    const denial = scene.say(bob, { ...DENY, of: [unseen.hash, secret.hash] });
    scene.settle(ann, bob);
    const { last, others } = split(scene, outsider.origin);
    for (const order of [
      [...others, ...last],
      [...last, ...others],
    ]) {
      expect(scene.fold(order).status(bob.origin, denial.index)).toEqual({ state: "void", reason: "outside-view" });
    }
  });

  test("an outsider's sealed leaf is out of sight too, in any order", () => {
    const { scene, actors } = unitOf("ann", "bob");
    const [, bob] = actors as [Actor, Actor];
    const outsider = scene.join("outsider");
    const secret = scene.say(outsider, { ...QUESTION, audience: ["outsider"] });
    const denial = scene.say(bob, { ...DENY, of: [secret.hash] });
    scene.settle(...actors);
    const { last, others } = split(scene, outsider.origin);
    for (const order of [
      [...others, ...last],
      [...last, ...others],
    ]) {
      expect(scene.fold(order).status(bob.origin, denial.index)).toEqual({ state: "void", reason: "outside-view" });
    }
  });

  test("the digest of an audience tells apart stations that hold different bodies of the same effect", () => {
    const { scene, actors } = unitOf("ann", "bob");
    const [ann] = actors as [Actor, Actor];
    const audience = ["ann", "bob"];
    const question = scene.say(ann, { ...QUESTION, audience });
    const coverage = { from: 0, to: 1, source: "dns" };
    const check = { type: "observe", kind: "check", of: [question.hash], audience } as const;
    const checks = [1, 2].map(() => scene.say(ann, { ...check, content: { check: "x", outcome: "pass", coverage } }));
    scene.settle();
    const without = (lost: Written) =>
      scene
        .fold(scene.deliveries().filter((delivery) => !("body" in delivery && delivery.body === lost.body)))
        .viewDigest('["ann","bob"]');
    expect(without(checks[0]!)).not.toEqual(without(checks[1]!));
  });

  test("leaving concerns everyone and cannot be sealed", () => {
    const { scene, founding, actors } = unitOf("ann", "bob");
    const [ann] = actors as [Actor, Actor];
    const quiet = scene.say(ann, {
      type: "position",
      kind: "withdraw",
      of: [founding.hash],
      audience: ["ann", "bob"],
      content: { digest: scene.unit },
    });
    scene.settle();
    expect(scene.fold().status(ann.origin, quiet.index)).toEqual({ state: "void", reason: "must-be-unit-wide" });
    expect(
      scene
        .fold()
        .members()
        .every(({ present }) => present),
    ).toBe(true);
  });
});

describe("seals", () => {
  test("what is unsealed is what its author had sealed before", () => {
    const { scene, actors } = unitOf("ann", "bob");
    const [ann, bob] = actors as [Actor, Actor];
    const question = scene.say(bob, QUESTION);
    const salt = new Uint8Array(32).fill(7);
    const commitment = sealCommitment(salt, { permille: 800 });
    const seal = scene.say(ann, { type: "seal", kind: "commitment", content: { commitment } });
    const unseal = (actor: Actor, permille: number) =>
      scene.say(actor, {
        type: "weigh",
        kind: "probability",
        of: [question.hash],
        content: { permille },
        unseals: { seal: seal.hash, salt: "07".repeat(32) },
      });
    const altered = unseal(ann, 801);
    while (bob.tree.size <= seal.index) scene.observe(bob, ann);
    const stolen = unseal(bob, 800);
    const opened = unseal(ann, 800);
    scene.settle();
    const fold = scene.fold();
    expect(fold.status(ann.origin, altered.index)).toEqual({ state: "void", reason: "wrong-unsealing" });
    expect(fold.status(bob.origin, stolen.index)).toEqual({ state: "void", reason: "no-such-seal" });
    expect(fold.statement(ann.origin, opened.index)).toMatchObject({
      status: { state: "effective" },
      body: { unseals: seal.hash },
    });
    expect(fold.thing(question.hash)?.voices).toMatchObject([{ name: "ann", permille: 800 }]);
  });
});

describe("seals and order", () => {
  test("nothing is unsealed before it was sealed", () => {
    const { scene, actors } = unitOf("ann", "bob");
    const [ann] = actors as [Actor, Actor];
    const commitment = sealCommitment(new Uint8Array(32), QUESTION.content);
    const prepared = scene.draft(ann, { type: "seal", kind: "commitment", content: { commitment } });
    const unseals = { seal: prepared.hash, salt: "00".repeat(32) };
    const early = scene.say(ann, { ...QUESTION, unseals });
    scene.write(ann, prepared.leaf, prepared.body);
    const late = scene.say(ann, { ...QUESTION, unseals });
    scene.settle();
    expect(scene.fold().status(ann.origin, early.index)).toEqual({ state: "void", reason: "no-such-seal" });
    expect(scene.fold().status(ann.origin, late.index)).toMatchObject({ state: "effective" });
  });

  test("a seal that turns out void takes what it was to unseal with it, in any order", () => {
    const { scene, actors } = unitOf("ann", "bob");
    const [ann, bob] = actors as [Actor, Actor];
    const secret = scene.say(bob, { ...QUESTION, audience: ["bob"] });
    const commitment = sealCommitment(new Uint8Array(32), QUESTION.content);
    const seal = scene.say(ann, { type: "seal", kind: "commitment", of: [secret.hash], content: { commitment } });
    const opened = scene.say(ann, { ...QUESTION, unseals: { seal: seal.hash, salt: "00".repeat(32) } });
    scene.settle();
    const logs = actors.map(({ origin }) => scene.deliveries().filter((delivery) => isOf(delivery, origin)));
    for (const order of [logs, logs.toReversed()]) {
      const fold = scene.fold([...order.flat(), ...scene.deliveries()]);
      expect(fold.status(ann.origin, seal.index)).toEqual({ state: "void", reason: "outside-view" });
      expect(fold.status(ann.origin, opened.index)).toEqual({ state: "void", reason: "no-such-seal" });
    }
  });
});

describe("equivocation", () => {
  test("two signed roots of one size freeze the log and excuse leaving its party out", () => {
    const { scene, actors } = unitOf("ann", "bob", "cem");
    const [ann, bob, cem] = actors as [Actor, Actor, Actor];
    const size = cem.tree.size;
    const report = (actor: Actor, first: string, second: string, proof?: string[]) =>
      scene.say(actor, {
        type: "observe",
        kind: "equivocation",
        content: { log: cem.origin, first, second, ...(proof && { proof }) },
      });
    const honest = report(ann, cem.checkpoint(), cem.checkpoint());
    const forged = report(ann, cem.checkpoint(), impostor(cem).checkpoint(size, new Uint8Array(32)));
    scene.settle();
    expect(scene.fold().status(ann.origin, honest.index)).toEqual({ state: "void", reason: "not-proven" });
    expect(scene.fold().status(ann.origin, forged.index)).toEqual({ state: "waiting", for: "key" });
    expect(
      scene
        .fold()
        .logs()
        .find(({ origin }) => origin === cem.origin)?.frozen,
    ).toBeUndefined();

    const proof = report(ann, cem.checkpoint(size), cem.checkpoint(size, new Uint8Array(32)));
    const without = scene.amendment([ann, bob]);
    const opened = scene.say(ann, { type: "open", kind: "charter", of: [proof.hash], content: { charter: without } });
    scene.accept(ann, opened, without);
    scene.accept(bob, opened, without);
    scene.say(cem, QUESTION);
    scene.observe(ann, bob);
    scene.observe(bob, ann);
    scene.observe(cem, ann, bob);
    const fold = scene.fold();
    expect(fold.logs().find(({ origin }) => origin === cem.origin)?.frozen).toMatchObject({ proofs: [proof.hash] });
    expect(fold.observable(cem.origin, 0, cem.tree.size)).toBe(false);
    expect(fold.charter().current?.document.parties.map(({ name }) => name)).toEqual(["ann", "bob"]);
    expect(fold.members().find(({ name }) => name === "cem")).toMatchObject({ equivocated: true });
  });

  test("an older checkpoint that is no part of a newer one is proven by the root which the newer has there", () => {
    const { scene, actors } = unitOf("ann", "bob");
    const [ann, bob] = actors as [Actor, Actor];
    const old = bob.tree.size - 1;
    const lie = bob.checkpoint(old, new Uint8Array(32).fill(9));
    const path = consistencyProof(old, bob.tree.size, bob.tree.reader).map(toBase64);
    const report = (first: string, root: Uint8Array) =>
      scene.say(ann, {
        type: "observe",
        kind: "equivocation",
        content: { log: bob.origin, first, second: bob.checkpoint(), proof: [toBase64(root), ...path] },
      });
    const framed = report(bob.checkpoint(old), new Uint8Array(32).fill(9));
    const proven = report(lie, bob.tree.root(old));
    scene.settle();
    const fold = scene.fold();
    expect(fold.status(ann.origin, framed.index)).toEqual({ state: "void", reason: "not-proven" });
    expect(fold.status(ann.origin, proven.index)).toMatchObject({ state: "effective" });
  });
});

/** Somebody who signs for a log whose key he does not have. */
function impostor(actor: Actor): Actor {
  const other = new Scene("impostor", "x").actors[0]!;
  return Object.assign(Object.create(Object.getPrototypeOf(actor) as object), actor, {
    seed: other.seed.bind(other),
    tree: actor.tree,
  }) as Actor;
}

function isOf(delivery: Delivery, origin: string): boolean {
  return "body" in delivery || delivery.entry.log === origin;
}

describe("what a party that has left still writes", () => {
  test("gives one digest, whether or not digests were taken while it came", () => {
    const scene = new Scene("ann", "bob", "cem");
    const [ann, bob, cem] = scene.actors;
    scene.found();
    scene.say(cem!, { type: "position", kind: "withdraw", content: { digest: scene.unit } });
    scene.settle(ann!, bob!);
    scene.say(cem!, QUESTION);
    scene.settle(ann!, bob!);
    const watched = scene.emptyFold();
    for (const delivery of scene.deliveries()) {
      deliver(watched, delivery);
      watched.viewDigest();
    }
    expect(watched.viewDigest()).toEqual(scene.fold().viewDigest());
  });
});

/** A leaf that names the two bytes `{}` as its body. */
function brokenLeaf(scene: Scene): Uint8Array {
  const digest = "af61a470937fa516bbad30e2a9f3d20fbffa175777c1f4d54ff3651a1dcf655d"; // printf '{"audience":"unit"}' | sha256sum
  return utf8(`{"at":0,"body":"${digest}","of":[],"size":19,"type":"open","unit":"${scene.unit}","v":1}`);
}

/** The deliveries of one log, and all others. */
function split(scene: Scene, log: string): { last: Delivery[]; others: Delivery[] } {
  const deliveries = scene.deliveries();
  const isLast = (delivery: Delivery): boolean => isOf(delivery, log);
  return { last: deliveries.filter(isLast), others: deliveries.filter((delivery) => !isLast(delivery)) };
}
