/** What does not fit: text that is cut off, controls that stick out or lie under each other, a page that scrolls sideways. Runs in the window. */
import type { Page } from 'playwright';

/** One line for each fault on the screen. */
export async function layoutFaults(page: Page): Promise<string[]> {
  return await page.evaluate(() => {
    const faults: string[] = [];
    const root = document.documentElement;
    if (root.scrollWidth > root.clientWidth) faults.push(`the page is ${root.scrollWidth} px wide`);
    const modal = document.querySelector('dialog[open]');
    const scope = modal ?? document.body;

    const told = (element: Element): string => {
      const text = element.getAttribute('aria-label') ?? element.textContent;
      return `<${element.tagName.toLowerCase()}> “${text.trim().slice(0, 60)}”`;
    };
    const isShown = (element: Element): boolean => element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
    /* Meant for screen readers alone. */
    const isForEars = (element: Element): boolean => {
      const { width, height } = element.getBoundingClientRect();
      return width <= 1 || height <= 1 || element.closest('.visually-hidden') !== null;
    };
    const scroller = (element: Element): Element | null => {
      for (let above = element.parentElement; above !== null; above = above.parentElement) {
        const { overflowX, overflowY } = getComputedStyle(above);
        if (/auto|scroll/.test(overflowX + overflowY)) return above;
      }
      return null;
    };

    const texts = scope.querySelectorAll(
      'button, a, label, legend, summary, h1, h2, h3, dt, dd, th, td, p, b, strong, small, option, span, li',
    );
    for (const element of texts) {
      const hasText = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim() !== '');
      if (!hasText || !isShown(element) || isForEars(element)) continue;
      const style = getComputedStyle(element);
      if (style.display === 'inline') continue;
      // Names of the user's own things may end in dots; what the window says may not.
      const isCut = element.scrollWidth > element.clientWidth + 1 && style.overflowX !== 'visible';
      const isCutBelow =
        element.scrollHeight > element.clientHeight + 2 && style.overflowY !== 'visible' && !/auto|scroll/.test(style.overflowY);
      if (isCut || isCutBelow)
        faults.push(
          `${told(element)} is cut off: ${element.scrollWidth} × ${element.scrollHeight} in ${element.clientWidth} × ${element.clientHeight}`,
        );
    }

    const controls = [...scope.querySelectorAll('button, a[href], input:not([type=hidden]), select, textarea, summary')];
    for (const element of controls) {
      if (!isShown(element) || element.closest('[inert]') !== null) continue;
      const box = element.getBoundingClientRect();
      if (box.width === 0 || box.height === 0 || isForEars(element)) continue;
      const view = scroller(element)?.getBoundingClientRect();
      // Parked beside the view until it has the focus, as links that skip to the content are.
      if (box.right < 0) continue;
      // A handle at the very edge of a picture is half outside, and cut there.
      const isHandle = element instanceof HTMLInputElement && element.type === 'range';
      const scrollsSideways = isHandle || element.closest('nav, [role=listbox]') !== null;
      if (!scrollsSideways && (box.left < -1 || box.right > innerWidth + 1))
        faults.push(`${told(element)} sticks out: ${box.left} … ${box.right} of ${innerWidth}`);
      const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
      const isSeen =
        x >= 0 &&
        y >= 0 &&
        x < innerWidth &&
        y < innerHeight &&
        (view === undefined || (x >= view.left && x <= view.right && y >= view.top && y <= view.bottom - 2));
      if (!isSeen) continue;
      const top = document.elementFromPoint(x, y);
      const isOwn =
        top === null || element.contains(top) || top.contains(element) || element.closest('label')?.contains(top) === true;
      if (!isOwn && top.closest('[aria-live]') === null) faults.push(`${told(element)} lies under ${told(top)}`);
    }
    return faults;
  });
}
