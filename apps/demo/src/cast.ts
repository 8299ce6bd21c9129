/** One of the three parties of the story. */
export interface Player {
  readonly name: string;
  readonly who: string;
}

export const NORLAND: Player = { name: "norland", who: "a national CERT" };
export const SUDLAND: Player = { name: "sudland", who: "its rival across the border" };
export const ISLE: Player = { name: "isle", who: "a small election office between them" };

export const CAST: readonly Player[] = [NORLAND, SUDLAND, ISLE];
