// Shows the plain words of index.html where the page cannot start. A script of
// its own, without modules: it must run where nothing else does.
(function () {
  "use strict";
  var started = false;

  function sorry(why) {
    var words = document.getElementById("start-sorry");
    if (started || !words) return;
    document.getElementById("start-wait").hidden = true;
    words.hidden = false;
    if (why) document.getElementById("start-why").textContent = why;
  }

  addEventListener("TrunkApplicationStarted", function () {
    started = true;
    var start = document.getElementById("start");
    if (start) start.remove();
  });
  // Caught on the way down, as a script that cannot be fetched tells nobody else.
  addEventListener(
    "error",
    function (event) {
      if (event.target === window || event.target.tagName === "SCRIPT") sorry(event.message || "");
    },
    true
  );
  addEventListener("unhandledrejection", function (event) {
    sorry(String(event.reason));
  });
  if (typeof WebAssembly !== "object" || !("noModule" in HTMLScriptElement.prototype)) sorry("");
})();
