/** A time in microseconds since 1970 as TAXII writes it (TAXII 2.1 §3.2): six digits and `Z`. */
export function microsecondText(micros: number): string {
  const millis = Math.floor(micros / 1000);
  return `${new Date(millis).toISOString().slice(0, -1)}${String(micros % 1000).padStart(3, "0")}Z`;
}

/** A timestamp in UTC as text that sorts by time, however many digits its fraction has. */
export function versionKey(timestamp: string): string {
  const bare = timestamp.replace(/Z$/, "");
  return bare.includes(".") ? bare.replace(/\.?0+$/, "") : bare;
}
