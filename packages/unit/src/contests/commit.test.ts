import { sha256, toHex, utf8 } from "@detente/basics";
import { Collection, type CardName, type Marks } from "@detente/record";
import { describe, expect, it } from "vitest";
import { allCards, CHARTER, ContestScene, MANIFEST } from "../../test/contest-scene.ts";
import { collectionOf, commitRecords } from "./commit.ts";
import { itemOf } from "./evidence.ts";
import { cardsOf, formatVotes, parseCards, parseVotes } from "./public-files.ts";
import { styleList } from "./styles.ts";

const KEY = sha256(utf8("key"));

function committed(recorded = allCards(), charter = CHARTER) {
  const commitment = commitRecords(charter, MANIFEST, recorded, KEY);
  if (!commitment.ok) throw new Error(commitment.fault.message);
  return commitment.value;
}

describe("what is published", () => {
  it("adds up, and names no card beside its marks", () => {
    const { content, votes, cards } = committed();
    expect(content.contests).toMatchObject([
      { id: "mayor", recorded: 300, totals: [180, 90] },
      { id: "council", recorded: 150, totals: [90, 40, 20] },
    ]);
    const text = new TextDecoder().decode(votes.get("council"));
    expect(text).not.toContain('"a"');
    const list = parseVotes(votes.get("council")!, content.contests[1]!.votes, "council", 3);
    expect(list.ok && list.value.votes.filter((marks) => marks?.[0]?.[0] === 0)).toHaveLength(90);
    const parsed = parseCards(cards, content.cards);
    expect(parsed.ok && [...cardsOf(parsed.value, "council")]).toHaveLength(150);
  });

  it("is in an order that depends on the key, for each contest its own", () => {
    const places = (commitment: ReturnType<typeof committed>, id: string): string =>
      commitment.items
        .get(id)!
        .map(({ card }) => card.join())
        .join(" ");
    const other = commitRecords(CHARTER, MANIFEST, allCards(), sha256(utf8("other")));
    expect(other.ok && places(other.value, "mayor")).not.toBe(places(committed(), "mayor"));
    const both = committed();
    const ofCouncil = new Set(both.items.get("council")!.map(({ card }) => card.join()));
    const shared = both.items
      .get("mayor")!
      .map(({ card }) => card.join())
      .filter((card) => ofCouncil.has(card));
    expect(shared.join(" ")).not.toBe(places(both, "council"));
  });

  it("has salts of its own for each contest: an opening in one says nothing of another", () => {
    const { items } = committed();
    const salts = ["mayor", "council"].map((id) => {
      const [first] = items.get(id)!;
      return toHex(collectionOf(KEY, id, items.get(id)!).open(0, itemOf(first!.card, first!.marks)).salt);
    });
    expect(salts[0]).not.toBe(salts[1]);
  });

  it("is of contests on as many cards as the least style has, and of no rarer one", () => {
    expect(committed(allCards(), { ...CHARTER, leastStyle: 150 }).content.contests).toHaveLength(2);
    const rare = commitRecords({ ...CHARTER, leastStyle: 151 }, MANIFEST, allCards(), KEY);
    expect(rare).toMatchObject({ fault: { code: "rare-contest" } });
  });

  it("is refused where it is not what was committed, or no such file", () => {
    const { content, votes, cards } = committed();
    const claim = content.contests[0]!.votes;
    const file = votes.get("mayor")!;
    const wrong = file.with(file.length - 3, 0x39);
    expect(parseVotes(wrong, claim, "mayor", 2)).toMatchObject({ fault: { code: "wrong-digest" } });
    const claimed = (bytes: Uint8Array): typeof claim => ({ digest: toHex(sha256(bytes)), size: bytes.length });
    const read = (bytes: Uint8Array, candidates = 2): unknown => parseVotes(bytes, claimed(bytes), "mayor", candidates);
    expect(read(file, 1)).toMatchObject({ fault: { code: "bad-line" } });
    expect(read(formatVotes("other", { votes: [], pools: [] }))).toMatchObject({ fault: { code: "bad-header" } });
    expect(read(utf8("{}"))).toMatchObject({ fault: { code: "bad-line" } });
    const third = utf8('{"contest":"mayor","count":3,"v":1}\n[[0,1]]\n[[0,1]]\n[[2,1]]\n');
    expect(read(third)).toMatchObject({
      fault: { message: "votes of mayor: line 4 holds no marks of this contest" },
    });
    expect(read(Uint8Array.of(0x22, 0xff, 0x22, 0x0a))).toMatchObject({ fault: { code: "bad-line" } });
    const doubled = formatVotes("mayor", {
      pools: [],
      votes: [
        [
          [0, 1],
          [0, 1],
        ],
      ],
    });
    expect(read(doubled)).toMatchObject({ fault: { code: "bad-line" } });
    const listed = (bytes: Uint8Array, count: number): unknown => parseCards(bytes, { ...claimed(bytes), count });
    const twice = utf8('{"styles":[["mayor"]],"v":1}\n["a",[[1,0],[1,0]]]\n');
    expect(listed(twice, 2)).toMatchObject({ fault: { message: "cards: line 2 holds a card twice" } });
    const stranger = utf8('{"styles":[["mayor"]],"v":1}\n["a",[[1,1]]]\n');
    expect(listed(stranger, 1)).toMatchObject({ fault: { code: "bad-line" } });
    const two = utf8('{"styles":[["mayor"]],"v":1}\n["a",[[1,0],[2,0]]]\n');
    expect(listed(two, 2)).toMatchObject({ ok: true });
    expect(listed(two, 3)).toMatchObject({
      fault: { code: "bad-count", message: "cards: 2 are listed, 3 committed" },
    });
    expect(cards.length).toBe(content.cards.size);
  });
});

describe("rare styles", () => {
  const of = (contests: readonly string[], count: number, batch: string) =>
    Array.from({ length: count }, (_, i) => ({
      card: [batch, i + 1] as CardName,
      marks: new Map(contests.map((id): [string, NonNullable<Marks>] => [id, [[0, 1]]])),
    }));
  const styles = (leastStyle: number, recorded: ReturnType<typeof of>, cards: readonly number[]) => {
    const manifest = cards.map((count, i) => ({ name: "abc"[i]!, cards: count }));
    const styled = styleList({ ...CHARTER, leastStyle }, manifest, recorded);
    if (!styled.ok) throw new Error(styled.fault.message);
    const { list } = styled.value;
    const count = new Map<number, number>();
    for (const { cards: each } of list.batches)
      for (const [, style] of each) count.set(style, (count.get(style) ?? 0) + 1);
    return list.styles.map((contests, i) => [contests.join("+"), count.get(i)]);
  };

  it("are published as they are where they are common", () => {
    const recorded = [...of(["mayor"], 20, "a"), ...of(["mayor", "council"], 10, "b")];
    expect(styles(10, recorded, [20, 10])).toEqual([
      ["mayor", 20],
      ["mayor+council", 10],
    ]);
  });

  it("are pooled, with the next rarest where the pool would be rare itself", () => {
    const recorded = [...of(["mayor"], 20, "a"), ...of(["mayor", "council"], 9, "b"), ...of(["council"], 2, "c")];
    expect(styles(10, recorded, [20, 9, 2])).toEqual([
      ["mayor", 20],
      ["mayor+council", 11],
    ]);
    expect(styles(15, recorded, [20, 9, 2])).toEqual([["mayor+council", 31]]);
  });

  it("take in the cards that nothing records, which may hold anything", () => {
    expect(styles(3, of(["mayor"], 20, "a"), [24])).toEqual([
      ["mayor", 20],
      ["mayor+council", 4],
    ]);
  });

  it("of a whole contest are no thing for an audit card by card", () => {
    const recorded = allCards().map(({ card, marks }) => ({
      card,
      marks: new Map([...marks].filter(([id]) => id !== "council" || Number(card[1]) < 5)),
    }));
    const refused = commitRecords(CHARTER, MANIFEST, recorded, KEY);
    expect(refused).toMatchObject({ fault: { code: "rare-contest" } });
  });
});

it("refuses cards that the manifest does not have", () => {
  const marks = new Map([["mayor", [[0, 1]] as never]]);
  const refusal = (...cards: CardName[]): unknown => {
    const styled = styleList(
      CHARTER,
      MANIFEST,
      cards.map((card) => ({ card, marks })),
    );
    return styled.ok ? "none" : styled.fault.code;
  };
  expect(refusal(["c", 1])).toBe("not-in-manifest");
  expect(refusal(["a", 151])).toBe("not-in-manifest");
  expect(refusal(["a", 1], ["a", 1])).toBe("duplicate-card");
  expect(refusal(["a", "1-2-3"])).toBe("none");
});

it("a card that stands twice in a commitment cannot be opened as whichever suits", () => {
  const audit = new ContestScene();
  const honest = audit.commitment.items.get("mayor")!;
  const [kept, lost] = [honest[0]!, honest[1]!];
  const items = honest.map((item) => (item === lost ? { card: kept.card, marks: [[0, 1]] as Marks } : item));
  const collection = new Collection(KEY);
  for (const { card, marks } of items) collection.add(itemOf(card, marks));
  const file = formatVotes("mayor", { votes: items.map(({ marks }) => marks), pools: [] });
  const { content, votes } = audit.commitment;
  const totals = [0, 1].map((candidate) => items.filter(({ marks }) => marks?.[0]?.[0] === candidate).length);
  const mayor = {
    ...content.contests[0]!,
    collection: collection.root(),
    totals,
    votes: { digest: toHex(sha256(file)), size: file.length },
  };
  audit.commitment = {
    ...audit.commitment,
    content: { ...content, contests: [mayor, content.contests[1]!] },
    votes: new Map([...votes, ["mayor", file]]),
  };
  audit.makeSeed();
  const readings = audit.read("mayor", [kept.card]);
  const openings = [0, 1].map((index) => {
    const { card, marks } = items[index]!;
    const { salt, proof } = collection.open(index, itemOf(card, marks));
    return { index, salt: toHex(salt), card, marks, proof: proof.map(toHex) };
  });
  audit.open("mayor", readings, { contest: "mayor", openings });
  expect(audit.faults()).toContain("office opened-twice");
});
