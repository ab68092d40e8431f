"""Pages of alerts, rules, indicators, rebounds and conditions."""
