PRICES = {"tea": 2.5, "cake": 4.0}
