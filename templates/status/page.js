(function () {
  const LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  const reviewBy = "REVIEW_BY";
  const state = document.getElementById("state");
  if (new Date().toISOString().slice(0, 10) > reviewBy) {
    state.textContent = "Unknown";
    state.className = "state unknown";
    document.getElementById("says").textContent = "Nobody has checked this page since REVIEW_DAY. Ask whoever gave you the paper.";
  }
  function times(a, b) {
    let product = 0;
    for (; b; b >>= 1, a <<= 1, a = a & 32 ? a ^ 37 : a) if (b & 1) product ^= a;
    return product;
  }
  function isRight(code) {
    let weight = 1, total = 0;
    for (let at = 0; at < 10; at++) {
      weight = times(weight, 2);
      total ^= times(weight, LETTERS.indexOf(code[at]));
    }
    return LETTERS[total] === code[10];
  }
  function show() {
    let code = "";
    try { code = decodeURIComponent(location.hash.slice(1)); } catch (_) { code = "?"; }
    code = code.toUpperCase().replace(/[-\s]/g, "").replace(/O/g, "0").replace(/[IL]/g, "1");
    const told = document.getElementById("copy");
    told.hidden = !code;
    if (!code) return;
    const known = code.length === 11 && [...code].every((letter) => LETTERS.includes(letter)) && isRight(code);
    const number = [...code.slice(4, 8)].reduce((value, letter) => value * 32 + LETTERS.indexOf(letter), 0);
    told.textContent = known
      ? "Your paper is copy " + number + " of run " + code.slice(0, 4) + ", code " + code.slice(0, 4) + "-" + code.slice(4, 8) + "-" + code.slice(8) + "."
      : "This is no code of a copy: a letter is missing or wrong.";
  }
  addEventListener("hashchange", show);
  show();
})();
