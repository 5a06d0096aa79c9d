"""What search engines and assistants read to find their way: robots.txt, sitemaps, llms.txt."""
