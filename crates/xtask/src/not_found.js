// A share link keeps its recipe behind `?` or `#`. If its path was mangled on the
// way, the recipe is still good: take it to the page. Addresses of files and
// plain wrong addresses stay here.
const { pathname, search, hash } = location;
const base = document.body.dataset.base;
const last = pathname.split("/").pop();
if (pathname.startsWith(base) && !last.includes(".") && (search || hash)) {
  location.replace(base + search + hash);
}
