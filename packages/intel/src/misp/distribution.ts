import { type Audience, audienceKey, type Tlp } from "@detente/record";
import { narrower } from "../marking/narrower.ts";
import { isStricter, type Marking } from "../marking/tlp.ts";
import { isObject, type JsonObject, textOf } from "../read/json-document.ts";
import { quote } from "../text.ts";

/** Where the indicators of a file are to go. */
export interface SharingGoal {
  readonly audience: Audience;
  /** What the share will be marked with. */
  readonly tlp: Tlp;
  /** Which parties each sharing group of MISP stands for, by its UUID. */
  readonly groups: ReadonlyMap<string, readonly string[]>;
}

/**
 * Why an attribute must not go there; `undefined` if it may. Every holder has its say: a narrow event, or object, keeps
 * in what an attribute would let out.
 * @param holders the attribute, and what it stands in: objects with `distribution` as the core format has it
 */
export function obstacleTo(goal: SharingGoal, holders: readonly JsonObject[], marking: Marking): string | undefined {
  const { audience, tlp } = goal;
  for (const holder of holders) {
    const obstacle = byDistribution(holder, goal);
    if (obstacle !== undefined) return obstacle;
  }
  const stated = holders.map(statedIn).filter((distribution) => distribution !== "");
  if (stated.length > 0 && stated.every((distribution) => distribution === "5"))
    return "it inherits its event's distribution, which the file does not say; export the whole event";
  const tooWide = narrower(marking, { audience, isOwn: true });
  if (tooWide !== undefined) return tooWide;
  return marking.tlp !== undefined && isStricter(marking.tlp, tlp)
    ? `it is TLP:${marking.tlp.toUpperCase()}, stricter than TLP:${tlp.toUpperCase()}; share it under its own label`
    : undefined;
}

function byDistribution(holder: JsonObject, { audience, groups }: SharingGoal): string | undefined {
  switch (statedIn(holder)) {
    case "0":
      return "its distribution is 0, its author's own organisation only; nobody else may have it";
    // Communities are those of a MISP server. What its author lets out of his organisation may reach the unit.
    case "":
    case "1":
    case "2":
    case "3":
    case "5":
      return undefined;
    case "4": {
      const id = groupOf(holder);
      const parties = id === undefined ? undefined : groups.get(id);
      if (parties === undefined) {
        const which = id === undefined ? "a sharing group that it does not name" : `the sharing group ${quote(id)}`;
        return `it is for ${which}; say which parties that is`;
      }
      const isWithin = audience !== "unit" && audience.every((party) => parties.includes(party));
      return isWithin
        ? undefined
        : `its sharing group is ${parties.join(", ")} only; name these parties, or some of them`;
    }
    default:
      return `its distribution is ${quote(statedIn(holder))}, which is not known here`;
  }
}

/** Empty where nothing is stated: feeds leave it out, because what is in them is for whoever reads them. */
function statedIn({ distribution }: JsonObject): string {
  return distribution === undefined || distribution === null ? "" : textOf(distribution) || "?";
}

function groupOf({ SharingGroup: group }: JsonObject): string | undefined {
  return isObject(group) && typeof group["uuid"] === "string" ? group["uuid"].toLowerCase() : undefined;
}

/** The distribution of an event that is made of a share: what is CLEAR may go anywhere, a named audience is a group. */
export function distributionOf(audience: Audience | undefined, tlp: Tlp): "0" | "1" | "3" | "4" {
  if (audience === undefined) return "0";
  if (audience !== "unit") return "4";
  return tlp === "clear" ? "3" : "1";
}

/** What the id of an audience's sharing group is a name of. */
export function groupName(audience: Audience): string {
  return `group ${audienceKey(audience)}`;
}
