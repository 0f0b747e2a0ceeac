"""Views: each maps an answer to a picture (`kg.views.scene.Scene`), and pages and stills are drawn from it."""
