"""Type words that say what a value means: `email`, `money`, `currencyCode`, `SimpleAddress`.

Each is a type that columns have, with the range or the looks of its values. What no column type of ours holds
(addresses of networks, times of day) is kept as text of that form, a composite as JSON.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from perfengine.model.entity import FieldType


@dataclass(frozen=True, slots=True, kw_only=True)
class RichType:
    """What a word stands for."""

    type: FieldType = FieldType.TEXT
    precision: int = 10
    scale: int = 2
    low: Decimal | None = None
    high: Decimal | None = None
    like: tuple[str, ...] = ()  #: as of a `Field`
    kept_as: str = ""  #: what it is kept as, where that is not what a server has for it


def _like(*texts: str) -> RichType:
    return RichType(like=texts)


def _kept_as_text(*texts: str) -> RichType:
    return RichType(like=texts, kept_as="text")


def _number(precision: int, scale: int, low: int | None = None, high: int | None = None) -> RichType:
    return RichType(
        type=FieldType.DECIMAL,
        precision=precision,
        scale=scale,
        low=None if low is None else Decimal(low),
        high=None if high is None else Decimal(high),
    )


def _composite(*texts: str) -> RichType:
    return RichType(type=FieldType.JSON, like=texts)


_ADDRESS: Final = '{"street": "1 Main St", "city": "Springfield", "state": "CA", "zipCode": "12345"}'
_HOURS: Final = '{"start": "09:00:00", "end": "17:00:00"}'

SCALARS: Final[dict[str, RichType]] = {
    "apiKey": _like("sk-1234567890abcdef-{index}"),
    "airportCode": _like("JFK", "CDG", "LHR", "HND"),
    "color": _like("#ff5733", "#336699", "#000000", "#a1b2c3"),
    "containerNumber": _like("MSKU1234567", "CSQU3054383"),
    "coordinates": _kept_as_text("(37.7749,-122.4194)", "(48.8566,2.3522)"),
    "countryCode": _like("US", "FR", "DE", "JP"),
    "currencyCode": _like("USD", "EUR", "JPY", "GBP"),
    "cusip": _like("037833100", "594918104"),
    "datetime": RichType(type=FieldType.TIMESTAMP),
    "domainName": _like("host-{index}.example.com"),
    "duration": _kept_as_text("2 hours", "30 minutes", "1 day"),
    "email": _like("user_{index}@example.com"),
    "exchangeCode": _like("NYSE", "NASDAQ", "LSE"),
    "exchangeRate": _number(19, 8, 0),
    "file": _like("https://example.com/{index}.pdf"),
    "flightNumber": _like("AA1234", "AF6", "LHR404"),
    "hashSHA256": _like("{word}" * 8),
    "hex": RichType(type=FieldType.INTEGER, low=Decimal(0), high=Decimal(255)),
    "html": _like("<p>Text {index}</p>"),
    "iban": _like("GB29NWBK60161331926819", "DE89370400440532013000"),
    "image": _like("https://example.com/{index}.jpg"),
    "ipAddress": _kept_as_text("192.0.2.1", "198.51.100.7", "2001:db8::1"),
    "isin": _like("US0378331005", "DE0007164600"),
    "languageCode": _like("en", "fr", "de", "ja"),
    "latitude": _number(10, 8, -90, 90),
    "lei": _like("54930084UKLVMY22DS16", "213800WSGIIZCXF1P572"),
    "licensePlate": _like("ABC-{index}"),
    "localeCode": _like("en-US", "fr-FR", "de"),
    "longitude": _number(11, 8, -180, 180),
    "macAddress": _kept_as_text("08:00:2b:01:02:03", "08:00:2b:01:02:04"),
    "markdown": _like("# Heading {index}\n\nText with **bold** words."),
    "mic": _like("XNYS", "XPAR", "XETR"),
    "mimeType": _like("application/json", "image/png", "text/plain"),
    "money": _number(19, 4, 0),
    "percentage": _number(5, 2, 0, 100),
    "phone": _like("+1555{index}"),
    "phoneNumber": _like("+1555{index}"),
    "portCode": _like("USNYC", "NLRTM"),
    "postalCode": _like("12345", "75001", "SW1A 1AA"),
    "sedol": _like("B02LC96", "2046251"),
    "semanticVersion": _like("1.{index}.0"),
    "slug": _like("item-{index}"),
    "stockSymbol": _like("AAPL", "BRK.A", "SAP"),
    "swiftCode": _like("CHASUS33", "DEUTDEFF500"),
    "time": _kept_as_text("09:30:00", "14:00:00", "23:59:59"),
    "timezone": _like("America/New_York", "Europe/Paris", "Asia/Tokyo"),
    "trackingNumber": _like("1Z999AA1{index}"),
    "url": _like("https://example.com/{index}"),
    "vin": _like("1HGCM82633A123456", "WVWZZZ1JZ3W386752"),
}

COMPOSITES: Final[dict[str, RichType]] = {
    "BusinessHours": _composite(f'{{"monday": {_HOURS}, "tuesday": {_HOURS}}}'),
    "Color": _composite('{"red": 255, "green": 128, "blue": 0, "alpha": 1.0}'),
    "Company": _composite(f'{{"name": "Acme", "website": "https://example.com", "address": {_ADDRESS}}}'),
    "Contact": _composite('{"name": "Jane Smith", "email": "jane@example.com", "phone": "+14155551234"}'),
    "ContactInfo": _composite('{"email": "jane@example.com", "phone": "+14155551234"}'),
    "Coordinates": _composite('{"latitude": 37.7749, "longitude": -122.4194}'),
    "CurrencyExchange": _composite('{"baseCurrency": "USD", "quoteCurrency": "EUR", "rate": 0.85}'),
    "DateRange": _composite('{"start": "2025-01-01", "end": "2025-12-31"}'),
    "Dimensions": _composite('{"width": 10.5, "height": 8.0, "depth": 2.0, "unit": "cm"}'),
    "EmailAddress": _composite('{"address": "jane@example.com", "displayName": "Jane Smith"}'),
    "GeoLocation": _composite('{"latitude": 37.7749, "longitude": -122.4194, "accuracy": 5}'),
    "MoneyAmount": _composite('{"amount": 99.99, "currency": "USD"}', '{"amount": 5, "currency": "EUR"}'),
    "PersonName": _composite('{"firstName": "Jane", "lastName": "Smith"}'),
    "PhoneNumber": _composite('{"countryCode": "+1", "number": "4155551234"}'),
    "SimpleAddress": _composite(_ADDRESS),
    "TimeRange": _composite(_HOURS),
    "URL": _composite('{"protocol": "https", "host": "example.com", "path": "/page"}'),
}

RICH_TYPES: Final = SCALARS | COMPOSITES
