// Read from a disk, a page may not open another page's text: the search then shows titles alone, and no
// errors.
if (location.protocol === "file:" && typeof DOCUMENTATION_OPTIONS === "object") {
  DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;
}
