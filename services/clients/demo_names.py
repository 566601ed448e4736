"""Names and streets of the demo's clients."""

from dataclasses import dataclass
from random import Random
from typing import Any
from uuid import UUID

from shared.demo_ids import BRICKELL, GRACIA, SALAMANCA


def words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


@dataclass(frozen=True)
class Names:
    women: tuple[str, ...]
    men: tuple[str, ...]
    last: tuple[str, ...]
    last_names: int
    """How many a person has."""
    with_middle_name: float
    """The share of people with a second first name."""

    def of(self, gender: str | None, random: Random) -> tuple[str, ...]:
        if gender is None:
            return random.choice((self.women, self.men))
        return self.women if gender == "woman" else self.men


SPANISH = Names(
    women=words(
        """
        María Carmen Ana Isabel Laura Cristina Marta Lucía Elena Raquel Sara Paula Pilar Mercedes Rosa Beatriz
        Nuria Silvia Irene Alba Julia Sofía Claudia Andrea Inés Rocío Alicia Eva Montserrat Patricia Sandra
        Natalia Victoria Lorena Ángela Noelia Verónica Amparo Yolanda Esther Blanca Carla Daniela Valeria
        Núria Mireia Laia Aitana Ainhoa Begoña Encarnación Josefa Dolores Teresa Gloria Lidia Miriam Celia
        Olga Adriana
        """
    ),
    men=words(
        """
        Antonio José Manuel Francisco David Juan Javier Daniel Carlos Jesús Alejandro Miguel Rafael Pedro
        Pablo Ángel Sergio Fernando Luis Jorge Alberto Álvaro Diego Adrián Raúl Iván Rubén Enrique Óscar Ramón
        Andrés Vicente Joaquín Santiago Eduardo Víctor Mario Roberto Jaime Marcos Hugo Ignacio Jordi Ricardo
        Gonzalo Nicolás Martín Guillermo Gabriel Emilio
        """
    ),
    last=words(
        """
        García Rodríguez González Fernández López Martínez Sánchez Pérez Gómez Martín Jiménez Ruiz Hernández
        Díaz Moreno Muñoz Álvarez Romero Alonso Gutiérrez Navarro Torres Domínguez Vázquez Ramos Gil Ramírez
        Serrano Blanco Molina Morales Suárez Ortega Delgado Castro Ortiz Rubio Marín Sanz Núñez Iglesias
        Medina Garrido Cortés Castillo Santos Lozano Guerrero Cano Prieto Méndez Cruz Calvo Gallego Vidal León
        Márquez Herrera Peña Flores Cabrera Campos Vega Fuentes Carrasco Diez Reyes Caballero Nieto Aguilar
        Pascual Santana Herrero Lorenzo Montero Hidalgo Giménez Ibáñez Ferrer Durán Santiago Benítez Mora
        Vicente Vargas Arias Carmona Crespo Román Pastor Soto Sáez Velasco Moya Soler Parra Esteban Bravo
        Gallardo Rojas Puig Bosch Roca Ferrer Serra Vila Casals Etxeberria Goñi
        """
    ),
    last_names=2,
    with_middle_name=0.2,
)

AMERICAN = Names(
    women=words(
        """
        Emily Ashley Jessica Sarah Jennifer Amanda Megan Olivia Emma Sophia Isabella Ava Mia Charlotte Abigail
        Madison Elizabeth Grace Chloe Victoria Hannah Natalie Samantha Nicole Rachel Lauren Kayla Brianna
        Destiny Michelle Karen Lisa Nancy Betty Donna Carol Sharon Deborah
        """
    ),
    men=words(
        """
        Michael James John Robert William David Christopher Joseph Daniel Matthew Anthony Mark Steven Andrew
        Joshua Kevin Brian Ryan Jacob Nicholas Eric Jonathan Tyler Brandon Justin Ethan Noah Liam Mason Logan
        Lucas Carlos Luis
        """
    ),
    last=words(
        """
        Smith Johnson Williams Brown Jones Miller Davis Wilson Anderson Thomas Taylor Moore Jackson Lee
        Thompson White Harris Clark Lewis Robinson Walker Young Allen King Wright Scott Hill Green Adams
        Nelson Baker Hall Rivera Campbell Mitchell Carter Roberts O'Neill McDonald Cohen Rodriguez Garcia
        Martinez Diaz Perez Fernandez Kim Nguyen Patel Jean-Baptiste Saint-Louis
        """
    ),
    last_names=1,
    with_middle_name=0.3,
)


def _in(locality: str, region: str, postal_code: str) -> dict[str, str]:
    return {"locality": locality, "region": region, "postal_code": postal_code}


STREETS: dict[UUID, list[tuple[str, dict[str, Any]]]] = {
    SALAMANCA: [
        ("Calle de Serrano", _in("Madrid", "Madrid", "28001")),
        ("Calle de Velázquez", _in("Madrid", "Madrid", "28001")),
        ("Calle de Goya", _in("Madrid", "Madrid", "28009")),
        ("Calle de Alcalá", _in("Madrid", "Madrid", "28028")),
        ("Calle de Bravo Murillo", _in("Madrid", "Madrid", "28020")),
        ("Calle de Atocha", _in("Madrid", "Madrid", "28012")),
        ("Paseo de la Castellana", _in("Madrid", "Madrid", "28046")),
    ],
    GRACIA: [
        ("Carrer de Verdi", _in("Barcelona", "Barcelona", "08012")),
        ("Carrer Gran de Gràcia", _in("Barcelona", "Barcelona", "08012")),
        ("Carrer d'Aribau", _in("Barcelona", "Barcelona", "08036")),
        ("Carrer de Mallorca", _in("Barcelona", "Barcelona", "08013")),
        ("Avinguda Diagonal", _in("Barcelona", "Barcelona", "08037")),
        ("Carrer de Sants", _in("Barcelona", "Barcelona", "08014")),
    ],
    BRICKELL: [
        ("SW 8th St", _in("Miami", "FL", "33130")),
        ("Brickell Ave", _in("Miami", "FL", "33131")),
        ("Coral Way", _in("Miami", "FL", "33145")),
        ("S Miami Ave", _in("Miami", "FL", "33130")),
        ("NW 27th Ave", _in("Miami", "FL", "33125")),
        ("Ponce de Leon Blvd", _in("Coral Gables", "FL", "33134")),
    ],
}
