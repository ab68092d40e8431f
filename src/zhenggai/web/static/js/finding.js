// The page of one finding: the section navigation follows the reading.
const links = [...document.querySelectorAll(".section-nav a")];
const sections = links.map((link) => document.querySelector(link.hash)).filter(Boolean);

function follow() {
  const line = 140;
  let current = sections[0];
  for (const section of sections) if (section.getBoundingClientRect().top <= line) current = section;
  const atEnd = window.innerHeight + window.scrollY >= document.documentElement.scrollHeight - 4;
  if (atEnd && window.scrollY > 0) current = sections.at(-1);
  links.forEach((link) => {
    if (link.hash === `#${current.id}`) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  });
}

if (sections.length) {
  document.addEventListener("scroll", follow, { passive: true });
  follow();
}
const whole = document.querySelector(".passage mark.whole");
if (whole) whole.closest(".passage").scrollTop = Math.max(0, whole.offsetTop - 80);
