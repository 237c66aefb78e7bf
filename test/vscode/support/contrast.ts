// How well a text can be read on its background, as WCAG 2.2 measures it (contrast ratio, 1 to 21).
export function contrast(one: string, other: string): number {
  const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

/** Of a computed colour, `rgb(1, 2, 3)` or `rgba(1, 2, 3, 1)`; what shines through a transparent one is not known here. */
function luminance(colour: string): number {
  const [red, green, blue] = [...colour.matchAll(/[\d.]+/g)].map(([value]) => Number(value) / 255);
  if (red === undefined || green === undefined || blue === undefined) throw new Error(`not a colour: ${colour}`);
  const linear = (value: number) => (value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}
