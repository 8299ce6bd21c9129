import { unwrap, utf8 } from "@detente/basics";
import type { Indicator } from "@detente/record";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatIpv4 } from "../canonical/ip.ts";
import { maskIpv4 } from "../canonical/cidr.ts";
import { lifetime, remainingConfidence } from "./decay.ts";
import { assetIndexes, type GateContext, judge, opinionKey, type Verdict } from "./judge.ts";
import { placeholder } from "./placeholder.ts";
import { ValueIndex } from "./value-index.ts";
import { readWarningList, type WarningList } from "./warning-list.ts";

const DAY = 86_400_000;
const SHARED = Date.UTC(2026, 4, 10);

const list = (type: string, entries: readonly string[], more: object = {}): WarningList =>
  unwrap(readWarningList(utf8(JSON.stringify({ name: "L", type, version: 20260501, list: entries, ...more }))));

const context = (more: Partial<GateContext> = {}): GateContext => ({
  sharedAt: SHARED,
  now: SHARED,
  lists: [],
  assets: [],
  reliability: "C",
  opinions: new Map(),
  ...more,
});

const item = (kind: Indicator["kind"], value: string, more: Partial<Indicator> = {}): Indicator => ({
  kind,
  value,
  labels: ["c2"],
  last: SHARED - DAY,
  ...more,
});

const one = (indicator: Indicator, more: Partial<GateContext> = {}): Verdict =>
  judge([indicator], context(more)).verdicts[0] as Verdict;
const shown = (verdict: Verdict): string => [verdict.label, ...verdict.reasons.map(({ code }) => code)].join(" ");

describe("a verdict on its own merits", () => {
  it.each<[Indicator, string]>([
    [item("domain", "evil.net"), "block"],
    [item("ipv4", "10.1.2.3"), "inform special-use"],
    [item("cidr4", "198.51.100.0/24"), "inform special-use"],
    [item("domain", "www.example.com"), "inform placeholder"],
    [item("url", "http://login.test/a"), "inform placeholder"],
    [item("sha256", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"), "inform placeholder"],
    [item("md5", "deadbeefdeadbeefdeadbeefdeadbeef"), "inform placeholder"],
    [{ kind: "domain", value: "evil.net" }, "inform no-date no-role"],
    [item("ipv4", "9.9.9.9", { last: SHARED - 40 * DAY }), "inform decayed"],
    [item("md5", "9e107d9d372bb6826bd81d3542a419d6", { last: SHARED - 40 * DAY }), "block"],
  ])("%j", (indicator, expected) => {
    expect(shown(one(indicator))).toBe(expected);
  });

  it("takes digests of real files for real (FIPS 180-4: 'abc')", () => {
    expect(placeholder(item("sha1", "a9993e364706816aba3e25717850c26c9cd0d89d"))).toBeUndefined();
  });
});

describe("lists", () => {
  const google = list("hostname", ["google.com", ".cdn.net"], { matching_attributes: ["domain", "hostname", "url"] });

  it.each<[WarningList, Indicator, string]>([
    [google, item("domain", "google.com"), "known-benign listed"],
    [google, item("domain", "mail.google.com"), "known-benign listed"],
    [google, item("domain", "notgoogle.com"), "block"],
    [google, item("url", "https://www.google.com/a"), "known-benign listed"],
    [google, item("email", "a@google.com"), "block"],
    [list("hostname", ["www.bank.org"]), item("domain", "bank.org"), "known-benign listed"],
    [list("cidr", ["8.8.8.0/24"]), item("ipv4", "8.8.8.8"), "known-benign listed"],
    [list("cidr", ["8.8.8.0/24"]), item("cidr4", "8.8.0.0/16"), "known-benign listed"],
    [list("cidr", ["8.8.8.8"]), item("url", "http://8.8.8.8/x"), "known-benign listed"],
    [list("cidr", ["2001:4860::/32"]), item("cidr6", "2001:4860:4860::/48"), "known-benign listed"],
    [list("cidr", ["8.8.8.0/24"]), item("ipv4", "8.8.9.8"), "block"],
    [
      list("string", ["9e107d9d372bb6826bd81d3542a419d6"]),
      item("md5", "9e107d9d372bb6826bd81d3542a419d6"),
      "known-benign listed",
    ],
    [list("substring", ["@Mailinator"]), item("email", "a@mailinator.com"), "known-benign listed"],
    [list("regex", ["/^EVIL[0-9]+\\.net$/i"]), item("domain", "evil7.net"), "known-benign listed"],
    [list("cidr", ["8.0.0.0/8"], { category: "known" }), item("ipv4", "8.8.8.8"), "inform worth-knowing"],
  ])("%#", (warning, indicator, expected) => {
    expect(shown(one(indicator, { lists: [warning] }))).toBe(expected);
  });

  it("newer than the share, or without a date, tell but do not judge", () => {
    const newer = list("hostname", ["evil.net"], { version: 20260511 });
    expect(shown(one(item("domain", "evil.net"), { lists: [newer] }))).toBe("block list-newer-than-share");
    const undated = list("hostname", ["evil.net"], { version: 7 });
    const judgement = judge([item("domain", "evil.net")], context({ lists: [undated] }));
    expect(shown(judgement.verdicts[0] as Verdict)).toBe("block list-newer-than-share");
    expect(judgement.warnings).toEqual([expect.stringMatching(/has no date/)]);
  });

  it("that would condemn half of a share say so instead", () => {
    const names = Array.from({ length: 30 }, (_, i) => item("domain", `evil${i}.net`));
    const half = judge(
      names,
      context({
        lists: [
          list(
            "hostname",
            names.slice(0, 16).map(({ value }) => value),
          ),
        ],
      }),
    );
    expect(half.verdicts.map(({ label }) => label).filter((label) => label === "known-benign")).toEqual([]);
    expect(shown(half.verdicts[0] as Verdict)).toBe("inform list-implausible");
    expect(half.warnings).toEqual([expect.stringMatching(/^L: would condemn 16 of 30/)]);
    const less = judge(
      names,
      context({
        lists: [
          list(
            "hostname",
            names.slice(0, 15).map(({ value }) => value),
          ),
        ],
      }),
    );
    expect(shown(less.verdicts[0] as Verdict)).toBe("known-benign listed");
  });

  it.each([
    ["[]", "not-a-warning-list"],
    ['{"name":"L","type":"cidr","list":["x"]}', "not-a-warning-list"],
    ['{"name":"L","type":"magic","list":["x"]}', "not-a-warning-list"],
    ['{"name":"L","type":"string","list":[5]}', "not-a-warning-list"],
    ['{"type":"string","list":["a"]}', "not-a-warning-list"],
    ["{", "not-json"],
  ])("are refused: %s", (text, code) => {
    expect(readWarningList(utf8(text))).toMatchObject({ ok: false, fault: { code } });
  });

  it("find what overlaps, as all networks tried one by one do", () => {
    const network = fc.tuple(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 24, max: 32 })).map(([low, bits]) => ({
      address: maskIpv4(0x09090900 + low, bits),
      bits,
    }));
    const text = ({ address, bits }: { address: number; bits: number }): string => `${formatIpv4(address)}/${bits}`;
    fc.assert(
      fc.property(fc.array(network, { minLength: 1, maxLength: 6 }), network, (listed, wanted) => {
        const hit = new ValueIndex("cidr", listed.map(text)).find({ kind: "cidr4", value: text(wanted) });
        const overlapping = listed.filter(({ address, bits }) => {
          const common = Math.min(bits, wanted.bits);
          return maskIpv4(address, common) === maskIpv4(wanted.address, common);
        });
        expect(overlapping.length === 0 ? [undefined] : overlapping.map(text)).toContain(hit?.entry);
      }),
      { numRuns: 500 },
    );
  });
});

describe("one's own", () => {
  const assets = assetIndexes([
    { kind: "domain", value: "vote.gov" },
    { kind: "cidr4", value: "9.9.9.0/24" },
    { kind: "email", value: "clerk@mail.org" },
  ]);

  it.each<[Indicator, string]>([
    [item("domain", "vote.gov"), "inform protected-asset"],
    [item("domain", "www.vote.gov"), "inform protected-asset"],
    [item("url", "https://vote.gov/login"), "inform protected-asset"],
    [item("email", "officer@vote.gov"), "inform protected-asset"],
    [item("email", "clerk@mail.org"), "inform protected-asset"],
    [item("ipv4", "9.9.9.9"), "inform protected-asset"],
    [item("cidr4", "9.9.0.0/16"), "inform protected-asset"],
    [item("domain", "vote-gov.net"), "block"],
  ])("%j", (indicator, expected) => {
    expect(shown(one(indicator, { assets }))).toBe(expected);
  });

  it("is named even where a list calls it benign and others saw it", () => {
    const vote = item("domain", "vote.gov");
    const opinions = new Map([[opinionKey(vote), { sighted: 9, refuted: 0 }]]);
    expect(one(vote, { assets, opinions, lists: [list("hostname", ["vote.gov"])] }).label).toBe("inform");
  });
});

describe("what others say", () => {
  const evil = item("domain", "evil.net");
  const told = (sighted: number, refuted: number, indicator: Indicator = evil): string =>
    shown(one(indicator, { opinions: new Map([[opinionKey(indicator), { sighted, refuted }]]) }));

  it("moves the verdict both ways, two disinterested parties and more", () => {
    expect(told(0, 1)).toBe("inform doubted");
    expect(told(0, 2)).toBe("known-benign refuted");
    expect(told(2, 2)).toBe("inform doubted sighted");
    expect(told(3, 2)).toBe("block sighted");
    expect(told(1, 0, { kind: "domain", value: "evil.net" })).toBe("inform sighted no-date no-role");
    expect(told(2, 0, { kind: "domain", value: "evil.net" })).toBe("block sighted no-date no-role");
    expect(told(9, 0, item("domain", "evil.test"))).toBe("inform placeholder sighted");
  });

  it("renews what had decayed", () => {
    const old = item("ipv4", "9.9.9.9", { last: SHARED - 40 * DAY });
    const opinions = new Map([[opinionKey(old), { sighted: 1, refuted: 0, lastSighted: SHARED - DAY }]]);
    expect(shown(one(old, { opinions }))).toBe("block sighted");
  });
});

describe("decay", () => {
  it("is a straight line in integers, by kind and source", () => {
    const month = lifetime("ipv4", "C");
    expect(month).toBe(30 * DAY);
    expect([0, 15, 29, 30, 31].map((days) => remainingConfidence(90, days * DAY, month))).toEqual([90, 45, 3, 0, 0]);
    expect(remainingConfidence(undefined, -DAY, month)).toBe(50);
    expect(lifetime("ipv4", "A")).toBe(45 * DAY);
    expect(remainingConfidence(100, 0, lifetime("md5", "G"))).toBe(0);
    expect(shown(one(item("domain", "evil.net"), { reliability: "G" }))).toBe("inform decayed");
  });
});
