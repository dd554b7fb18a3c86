"""What is watched, so that somebody is told: each network's rate, and that webhooks come at all."""
