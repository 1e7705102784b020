"""How a text is read aloud: numbers, dates, money, codes and abbreviations as words of its language."""
