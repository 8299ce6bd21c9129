/** A p-value as Arlo's reports print it: ten digits behind the point, zeros at the end left out. */
export function riskText(risk: number): string {
  if (risk === 0) return "0";
  if (risk < 1e-10) return "<0.0000000001";
  return risk.toFixed(10).replace(/(\.\d+?)0+$/, "$1");
}
