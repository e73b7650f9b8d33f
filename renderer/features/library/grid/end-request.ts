/**
 * For an image: ends its request when it leaves the page, so that photos that are flung past do not keep the host busy. Taking the element out of the
 * page alone does not, the address has to go.
 */
export function endsItsRequest(image: HTMLImageElement): () => void {
  return () => {
    image.removeAttribute('src');
    // A change of its address has Chromium list it among the images that follow the size of the window, and it leaves that list, and the memory, only
    // when it is taken out of something. It was taken out of the page before.
    new DocumentFragment().append(image);
    image.remove();
  };
}
