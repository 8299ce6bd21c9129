/**
 * Letters that look like others, by what they look like: of Cyrillic, Greek, and Latin beyond ASCII those that
 * Unicode's security data maps to a letter of ASCII (UTS 39, confusables.txt), then those that differ from one by a
 * stroke or a serif only. Digits 0 and 1 are of that data too. Letters with accents need no entry: their marks are dropped.
 */
const LOOKS: Readonly<Record<string, string>> = {
  a: "аɑα",
  b: "ьƅЬƀ",
  c: "сϲᴄ",
  d: "ԁđ",
  e: "еҽ",
  g: "ɡցƍǥ",
  h: "һћħհ",
  i: "іıιɩӏɪ1lłƚɨ",
  j: "јϳȷɉ",
  k: "ĸкκ",
  n: "ոռп",
  o: "оοσօ0øөɵ",
  p: "рρϱƿ",
  q: "ԛգզ",
  r: "гᴦɍ",
  s: "ѕƽꜱ",
  t: "тτŧ",
  u: "υսʋꞟᴜ",
  v: "νѵᴠ",
  w: "ԝшωѡᴡ",
  x: "хχ",
  y: "уγүʏ",
  z: "ᴢƶ",
};

const LOOK_OF: ReadonlyMap<string, string> = new Map(
  Object.entries(LOOKS).flatMap(([look, letters]) => Array.from(letters, (letter) => [letter, look] as const)),
);

/** Pairs that run together: `rn` is of UTS 39, the others of how people read. */
const PAIRS: readonly (readonly [RegExp, string])[] = [
  [/rn/g, "m"],
  [/vv/g, "w"],
  [/c[il]/g, "d"],
];

/**
 * What a name looks like, so that two names that look alike have one skeleton (UTS 39 §4, on a small table and with
 * marks dropped). `l`, `i` and `1` are one, as a name may be written with a capital I.
 * @param name in lower case, A-labels decoded
 */
export function skeleton(name: string): string {
  const bare = name.normalize("NFKD").replace(/[\p{M}\u00ad\u200b-\u200d\u2060]/gu, "");
  const looks = Array.from(bare.toLowerCase(), (letter) => LOOK_OF.get(letter) ?? letter).join("");
  return PAIRS.reduce((text, [pair, look]) => text.replace(pair, look), looks);
}
