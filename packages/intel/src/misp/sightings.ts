import type { Collector } from "../read/collector.ts";
import { isObject, type JsonObject, objectsOf, textOf } from "../read/json-document.ts";
import { secondsOf } from "./seconds.ts";

/** What a sighting says of its attribute (core format, "Sighting"). */
const SAYS: Readonly<Record<string, "seen" | "refuted" | "expires">> = {
  "0": "seen",
  "1": "refuted",
  "2": "expires",
  "3": "seen",
};

/** Reads the sightings of an event's attributes: who saw them, who found them to be wrong, when they end. */
export class Sightings {
  readonly #author: string;

  /** @param event whose author's own sightings are no disinterested opinion */
  constructor(event: JsonObject) {
    this.#author = organisation(event["Orgc"]);
  }

  /** The latest time at which an attribute is said to end, in milliseconds since 1970. */
  expiryOf(attribute: JsonObject): number | undefined {
    const times = objectsOf(attribute["Sighting"])
      .filter((sighting) => SAYS[textOf(sighting["type"])] === "expires")
      .flatMap((sighting) => dateOf(sighting) ?? []);
    return times.length === 0 ? undefined : Math.max(...times);
  }

  /** Tells what organisations other than the author say of an indicator. Anonymous ones may be the author: counted only. */
  tell(attribute: JsonObject, key: string, into: Collector): void {
    for (const sighting of objectsOf(attribute["Sighting"])) {
      const says = SAYS[textOf(sighting["type"])];
      const by = organisation(sighting["Organisation"]);
      if (says === "expires") continue;
      if (says === undefined) into.ignore("sightings of a type that is not known");
      else if (by === "" || by === this.#author) into.ignore("sightings by the author of an event, or by nobody");
      else into.opine(key, { by, says, at: dateOf(sighting) });
    }
  }
}

function organisation(value: unknown): string {
  return isObject(value) ? textOf(value["uuid"]).toLowerCase() || textOf(value["name"]) : "";
}

/** Milliseconds since 1970. */
function dateOf(sighting: JsonObject): number | undefined {
  const seconds = secondsOf(sighting["date_sighting"]);
  return seconds === undefined ? undefined : 1000 * seconds;
}
