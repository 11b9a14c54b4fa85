// Signing out, on every page that says who is signed in.
document.addEventListener("click", async (event) => {
  if (!event.target.closest?.(".sign-out")) return;
  try {
    await fetch("/logout", { method: "POST" });
  } finally {
    location.assign("/login");
  }
});
