/**
 * Second levels under which a country's registry lets people register (the ICANN part of publicsuffix.org, the
 * busiest registries only). It stops the indicator that would match a whole country; it is not the full list,
 * which belongs to the admission gate because it changes every week.
 */
const SECOND_LEVELS: Readonly<Record<string, string>> = {
  ae: "ac co gov mil net org sch",
  ar: "com edu gob gov int mil net org",
  at: "ac co gv or",
  au: "asn com edu gov id net org",
  bd: "ac com edu gov info mil net org",
  br: "art blog com edu eng gov ind inf jus leg mil mp net org",
  by: "com gov mil",
  cn: "ac com edu gov mil net org",
  co: "com edu gov mil net nom org",
  cy: "ac com gov ltd net org",
  eg: "com edu eun gov mil net org sci",
  es: "com edu gob nom org",
  fr: "asso com gouv nom prd tm",
  ge: "com edu gov mil net org pvt",
  gr: "com edu gov net org",
  hk: "com edu gov idv net org",
  hu: "co info org",
  id: "ac co desa go mil my net or sch web",
  il: "ac co gov idf k12 muni net org",
  in: "ac co com edu firm gen gov ind mil net nic org res",
  ir: "ac co gov id net org sch",
  it: "edu gov",
  jp: "ac ad co ed go gr lg ne or",
  ke: "ac co go info me mobi ne or sc",
  kr: "ac co es go hs kg mil ms ne or pe re sc",
  kz: "com edu gov mil net org",
  lk: "ac com edu gov net org sch",
  ma: "ac co gov net org press",
  mx: "com edu gob net org",
  my: "com edu gov mil name net org",
  ng: "com edu gov mil mobi name net org sch",
  nz: "ac co cri geek gen govt health iwi kiwi maori mil net org parliament school",
  pe: "com edu gob mil net nom org",
  ph: "com edu gov mil net ngo org",
  pk: "com edu fam gob gov net org web",
  pl: "com edu gov info mil net org waw",
  pt: "com edu gov int net nome org publ",
  ro: "com firm info nom nt org rec store tm www",
  rs: "ac co edu gov in org",
  ru: "ac edu gov int mil",
  sa: "com edu gov med net org pub sch",
  sg: "com edu gov net org",
  th: "ac co go in mi net or",
  tr: "av bbs bel com dr edu gen gov info k12 mil name net org pol tel tv web",
  tw: "club com edu gov idv mil net org",
  ua: "co com edu gov in kiev kyiv net org",
  uk: "ac co gov ltd me net nhs org plc police sch",
  us: "ca dc fed ny tx",
  uy: "com edu gub mil net org",
  ve: "co com edu gob gov info mil net org web",
  vn: "ac com edu gov health info int name net org pro",
  za: "ac co edu gov law mil net nom org school web",
};

/** Public suffixes of two labels, as far as this short list knows, and the zones of reverse look-ups. */
export const PUBLIC_SUFFIXES: ReadonlySet<string> = new Set([
  ...Object.entries(SECOND_LEVELS).flatMap(([country, seconds]) =>
    seconds.split(" ").map((second) => `${second}.${country}`),
  ),
  "in-addr.arpa",
  "ip6.arpa",
]);

/** Whether a canonical host name is a public suffix, as far as this short list knows; any single label is one. */
export function isPublicSuffix(name: string): boolean {
  return !name.includes(".") || PUBLIC_SUFFIXES.has(name);
}

/** A name under which one registers, taken apart: `login` and `co.uk` of `www.login.co.uk`. */
export interface RegistrableName {
  /** The label that somebody registered. */
  readonly label: string;
  readonly suffix: string;
  /** The labels below, as they stand. */
  readonly below: string;
}

/** Splits a canonical host name at its public suffix, as far as the list above knows; `undefined` for a suffix itself. */
export function registrableName(name: string): RegistrableName | undefined {
  const labels = name.split(".");
  for (let i = 1; i < labels.length; i++) {
    const suffix = labels.slice(i).join(".");
    if (isPublicSuffix(suffix)) {
      const label = labels[i - 1] as string;
      return isPublicSuffix(`${label}.${suffix}`)
        ? undefined
        : { label, suffix, below: labels.slice(0, i - 1).join(".") };
    }
  }
  return undefined;
}
