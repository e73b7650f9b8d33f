/**
 * Imported for its effect, before sharp: libvips reads this variable once, when it is loaded. It blocks the
 * loaders that are not hardened against hostile files (SVG among them, whatever the file is called).
 */
process.env['VIPS_BLOCK_UNTRUSTED'] = '1';
