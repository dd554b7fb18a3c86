"""What people look at: report pages, charts, exports and the routes of the site."""
