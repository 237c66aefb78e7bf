// Contrasts: how well what the browser drew can be told from what is behind it.
import type { Frame } from 'playwright-core';

/** Of text, or of what `color` paints, and the first background behind it, as the browser computed them (WCAG 2.2, 1.4.3). */
export async function contrasts(
  frame: Frame,
  selector: string,
  of: 'text' | 'color' = 'text',
): Promise<{ text: string; ratio: number }[]> {
  return frame.locator(selector).evaluateAll((elements, of) => {
    const numbers = (color: string): number[] => (color.match(/[\d.]+/g) ?? []).map(Number);
    const light = ([r = 0, g = 0, b = 0]: number[]): number => {
      const [x, y, z] = [r, g, b].map((part) => {
        const share = part / 255;
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
      }) as [number, number, number];
      return 0.2126 * x + 0.7152 * y + 0.0722 * z;
    };
    const behind = (element: Element): number[] => {
      for (let one: Element | null = element; one; one = one.parentElement) {
        const box = one.querySelector(':scope > rect.box');
        const color = numbers(box ? getComputedStyle(box).fill : getComputedStyle(one).backgroundColor);
        if (color.length > 0 && (color[3] ?? 1) > 0.9) return color;
      }
      return [255, 255, 255];
    };
    return elements
      .filter((element) => of === 'color' || element.textContent?.trim())
      .map((element) => {
        const style = getComputedStyle(element);
        const color = numbers(element instanceof SVGElement && of === 'text' ? style.fill : style.color);
        const back = behind(element);
        const alpha = color[3] ?? 1;
        const mixed = [0, 1, 2].map((index) => (color[index] ?? 0) * alpha + (back[index] ?? 0) * (1 - alpha));
        const [one = 0, other = 0] = [light(mixed), light(back)].sort((a, b) => b - a);
        const text = of === 'color' ? String(element.getAttribute('class')) : (element.textContent ?? '');
        return { text, ratio: (one + 0.05) / (other + 0.05) };
      });
  }, of);
}
