/** What the finders have found out about the run under them, and where the text begins that it stands in. */
export let textStart: usize = 0;
/** An indicator: its line is a candidate. */
export let hasHit: boolean = false;
/** The host of a URL: its line is a candidate if it may hold a path as well. */
export let hasHost: boolean = false;

export function beginFinding(start: usize): void {
  textStart = start;
  hasHit = false;
  hasHost = false;
}

export function markHit(): void {
  hasHit = true;
}

export function markHost(): void {
  hasHost = true;
}
