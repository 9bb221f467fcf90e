"""Hears what a screen reader would be given to say."""

HEAR = """addEventListener("DOMContentLoaded", () => {
    window.heard = [];
    const region = document.querySelector("[data-part=announcement]");
    new MutationObserver(() => window.heard.push(region.textContent))
        .observe(region, { childList: true, characterData: true, subtree: true });
})"""
