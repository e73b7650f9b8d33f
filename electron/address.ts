/** @file Main process: where the page lives. A scheme of its own, so that nothing of it is a file and nothing comes from a network. */

export const pageScheme = 'enlarger';
export const pageOrigin = `${pageScheme}://app`;
export const pageAddress = `${pageOrigin}/index.html`;

/** Whether an address belongs to the page, by its parsed parts: a name that only begins like ours does not. */
export function isPageAddress(address: string): boolean {
  const url = URL.parse(address);
  // Node calls the origin of every scheme that it does not know `null`, so the parts are compared one by one.
  return url?.protocol === `${pageScheme}:` && url.host === 'app' && url.username === '' && url.password === '';
}
