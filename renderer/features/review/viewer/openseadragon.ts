/** OpenSeadragon as it can live under this window's Content-Security-Policy, which knows no inline styles and no HTML from strings. */
import OpenSeadragon from 'openseadragon';

// What it says to developers is that tiles were refused or came too late; the stage tells the former to people, and the latter is no error.
Object.assign(OpenSeadragon, { console: { ...console, warn: nothing, error: nothing } });

// Tiles are decoded pictures outside the heap, which OpenSeadragon would leave to the garbage collector.
OpenSeadragon.converter.learnDestroy('imageBitmap', (bitmap: ImageBitmap) => bitmap.close());

/** A viewer without controls, keys or gestures of its own taste. `element` has to have a size. */
export function createViewer(
  element: HTMLElement,
  drawer: OpenSeadragon.DrawerConstructor,
  interactive: boolean,
): OpenSeadragon.Viewer {
  refuseInlineStyle();
  const gestures = { clickToZoom: false, dblClickToZoom: false };
  return new OpenSeadragon.Viewer({
    element,
    drawer,
    tabIndex: -1,
    mouseNavEnabled: interactive,
    keyboardNavEnabled: false,
    showNavigationControl: false,
    silenceMultiImageWarnings: true,
    // What `close` would empty by way of HTML; there is none here.
    preserveOverlays: true,
    preserveImageSizeOnResize: true,
    // The camera says where to look; the first picture must not.
    preserveViewport: true,
    animationTime: window.matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 0.35,
    springStiffness: 9,
    // Nothing fades in: a comparison must not show anything that is neither the one picture nor the other.
    blendTime: 0,
    visibilityRatio: 1,
    constrainDuringPan: true,
    minZoomImageRatio: 0.1,
    maxZoomPixelRatio: 16,
    zoomPerScroll: 1.25,
    // The largest level that is not shrunk below half, in device pixels: OpenSeadragon counts in CSS pixels.
    minPixelRatio: 0.501 / window.devicePixelRatio,
    imageLoaderLimit: 6,
    maxTilesPerFrame: 6,
    maxImageCacheCount: 320,
    tileRetryMax: 0,
    gestureSettingsMouse: gestures,
    gestureSettingsTouch: gestures,
    gestureSettingsPen: gestures,
    gestureSettingsUnknown: gestures,
  });
}

/** Ends it with everything it holds. */
export function destroyViewer(viewer: OpenSeadragon.Viewer): void {
  // Its last act is to empty this element by way of HTML, which Trusted Types forbid. A fragment has no HTML, and swallows that.
  viewer.overlaysContainer = document.createDocumentFragment() as unknown as HTMLElement;
  viewer.destroy();
}

/**
 * The first viewer puts a style sheet for phones into the page, unless it finds its own mark. The policy would block the sheet and report it. An
 * element of that name and mark which is no style sheet, because it is not of HTML, is found as well.
 */
function refuseInlineStyle(): void {
  const mark = 'data-openseadragon-mobile-css';
  if (document.querySelector(`style[${mark}]`) !== null) return;
  const element = document.createElementNS(null, 'style');
  element.setAttribute(mark, 'true');
  document.head.append(element);
}

function nothing(): void {
  // Said to nobody.
}

export { OpenSeadragon };
