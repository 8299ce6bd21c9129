import { TLP_LABELS } from "@detente/record/vocabulary";
import type { MatchPolicy } from "@detente/station";

type Exception = NonNullable<MatchPolicy["exceptions"]>[number];

/** `PARTNER:SHARE`, or `PARTNER:PARTY+PARTY…:TLP` for all that exactly these parties have got. */
export function matchException(text: string): Exception {
  const [partner = "", what = "", label, ...rest] = text.split(":");
  if (partner !== "" && rest.length === 0) {
    if (label === undefined && /^[0-9a-f]{64}$/.test(what)) return { partners: [partner], share: what };
    const tlp = TLP_LABELS.find((known) => known === label?.toLowerCase());
    if (tlp !== undefined && what !== "") return { partners: [partner], audience: what.split("+"), tlp };
  }
  throw new Error(
    `"${text}" is neither PARTNER:SHARE, the share's hash in full, nor PARTNER:PARTY+PARTY:TLP, such as bravo:alpha+charlie:amber`,
  );
}
